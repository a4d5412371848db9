/**
 * A wallet in the browser, as an extension would be: it announces itself (EIP-6963), answers (EIP-1193),
 * and signs typed data with a real key, by a program that shares nothing with the page.
 */

import type { Page } from "playwright-core";
import type { Town } from "./town";

interface Asked {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a wallet tells a page: a result, or an error with its code. */
type Answer = { readonly result: unknown } | { readonly code: number; readonly message: string };

const REFUSED = { code: 4001, message: "User rejected the request." };

export class Wallet {
  mood: "willing" | "locked" | "busy" | "elsewhere" | "refuses" = "willing";
  /** The methods of all that it was asked for, and what it was told with them. */
  readonly asked: string[] = [];
  readonly told: unknown[] = [];
  /** The private key of its account. */
  key = "";
  readonly #town: Town;

  private constructor(town: Town) {
    this.#town = town;
  }

  /** In a tab, before it opens the page. */
  static async installed(tab: Page, town: Town): Promise<Wallet> {
    const wallet = new Wallet(town);
    await tab.exposeFunction("askWallet", (asked: Asked) => wallet.#answer(asked));
    await tab.addInitScript(announce);
    return wallet;
  }

  async #answer({ method, params }: Asked): Promise<Answer> {
    this.asked.push(method);
    this.told.push(params);
    if (this.mood === "busy") return { code: -32002, message: "Request already pending." };
    switch (method) {
      case "eth_requestAccounts":
        if (this.mood === "refuses") return REFUSED;
        return { result: this.mood === "locked" ? [] : [this.#account().toLowerCase()] };
      case "eth_chainId":
        return { result: this.mood === "elsewhere" ? "0x1" : "0x7a69" };
      case "eth_signTypedData_v4":
        return this.mood === "refuses" ? REFUSED : this.#signed(params);
      default:
        return { code: 4902, message: "Unrecognized chain ID." };
    }
  }

  /** It shows its first account as its own, whichever key signs. */
  #account(): string {
    this.#first ||= this.#town.told.voters.find(({ key }) => key === this.key)?.address ?? "";
    return this.#first;
  }

  #first = "";

  async #signed([account, data]: readonly unknown[]): Promise<Answer> {
    if (account !== this.#account()) return { code: 4100, message: "Unknown account." };
    const { signature } = await this.#town.do("sign", { key: this.key, data });
    return { result: signature };
  }
}

/** Runs in the page. */
function announce(): void {
  type Ask = (asked: unknown) => Promise<{ result?: unknown; code?: number; message?: string }>;
  const ask = (globalThis as unknown as { askWallet: Ask }).askWallet;
  const provider = {
    request: async ({ method, params = [] }: { method: string; params?: unknown[] }) => {
      const answer = await ask({ method, params });
      if (answer.code === undefined) return answer.result;
      throw { code: answer.code, message: answer.message };
    },
  };
  const info = (name: string) => ({ uuid: name, name, icon: "data:,", rdns: "org.example" });
  addEventListener("eip6963:requestProvider", () => {
    for (const detail of [
      { info: info("Honest Wallet"), provider },
      { info: info("Wallet\u202ewith a steering name"), provider },
      { info: info("Wallet without a provider"), provider: {} },
      null,
    ]) {
      dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    }
  });
}
