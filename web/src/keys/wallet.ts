/**
 * Wallets in the browser: found by EIP-6963, asked by EIP-1193. A wallet signs typed data (EIP-712),
 * so that it can show what it signs. Nothing that it answers is believed: the signature must be that
 * of the address.
 */

import { bytesOf } from "../bytes";
import { type BindingTerms, bindingDigest, bindingTypedData } from "../enrolment/binding";
import {
  InvalidDocument,
  known,
  WalletBusy,
  WalletElsewhere,
  WalletFailed,
  WalletLocked,
  WalletRefused,
} from "../errors";
import { type Address, checked } from "../protocol/addresses";
import { isReadable, lengthOf } from "../protocol/characters";
import {
  type BallotMessage,
  ballotDigest,
  ballotTypedData,
  type Domain,
  requireSigner,
  type Signature,
  signatureFromEncoded,
  type TypedData,
} from "../protocol/signature";
import type { Signer } from "./signer";

/** Maximum characters of a wallet's name. */
const MOST_NAME = 60;
/** Maximum wallets that are shown. */
const MOST_WALLETS = 20;

/** A wallet as a voter chooses it. */
export interface Wallet {
  readonly id: string;
  readonly name: string;
  /**
   * Asks the voter for an account. If a chain is named, the wallet must be on it. It is told of no
   * node: whoever sent the voter a link could put a false one under a network that has money.
   */
  connect(chainId: bigint | null): Promise<Signer>;
}

/** A provider as EIP-1193 has it. It may answer anything. */
interface Provider {
  request(asked: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

// -- Find --

/** Tells of all wallets that there are, again whenever there is another; returns what ends this. */
export function watchWallets(onWallets: (found: readonly Wallet[]) => void): () => void {
  const found = new Map<string, Wallet>();
  const onAnnounced = (event: Event): void => {
    const wallet = announced((event as CustomEvent<unknown>).detail);
    if (!wallet || found.has(wallet.id) || found.size >= MOST_WALLETS) return;
    found.set(wallet.id, wallet);
    onWallets([...found.values()]);
  };
  addEventListener("eip6963:announceProvider", onAnnounced);
  dispatchEvent(new Event("eip6963:requestProvider"));
  return () => removeEventListener("eip6963:announceProvider", onAnnounced);
}

/** The wallet that is announced, if it is one, and its name can be shown. */
function announced(detail: unknown): Wallet | null {
  const { info, provider } = fields(detail);
  const { uuid, name } = fields(info);
  if (typeof uuid !== "string" || typeof name !== "string") return null;
  if (!name.trim() || !isReadable(name) || lengthOf(name) > MOST_NAME) return null;
  if (typeof fields(provider)["request"] !== "function") return null;
  const own = provider as Provider;
  return { id: uuid, name, connect: (chainId) => connect(own, chainId) };
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

// -- Ask --

async function connect(provider: Provider, chainId: bigint | null): Promise<Signer> {
  const account = await accountIn(provider);
  if (chainId !== null) await requireChain(provider, chainId);
  return new WalletSigner(provider, account);
}

/** The account that the voter lets this page see. */
async function accountIn(provider: Provider): Promise<Address> {
  const found = await ask(provider, "eth_requestAccounts");
  const first: unknown = Array.isArray(found) ? found[0] : undefined;
  if (first === undefined) throw new WalletLocked();
  const account = typeof first === "string" ? checked(first) : null;
  if (account) return account;
  throw new WalletFailed("the wallet shows an account that is no address");
}

/** Wallets sign for the chain alone that they are on. */
async function requireChain(provider: Provider, chainId: bigint): Promise<void> {
  if (await isOn(provider, chainId)) return;
  try {
    const wanted = { chainId: `0x${chainId.toString(16)}` };
    await ask(provider, "wallet_switchEthereumChain", wanted);
  } catch (error) {
    if (known(error) instanceof WalletFailed) throw new WalletElsewhere(chainId);
    throw error;
  }
  if (!(await isOn(provider, chainId))) throw new WalletElsewhere(chainId);
}

async function isOn(provider: Provider, chainId: bigint): Promise<boolean> {
  const found = await ask(provider, "eth_chainId");
  if (typeof found === "string" && /^0x[0-9a-f]{1,16}$/i.test(found)) {
    return BigInt(found) === chainId;
  }
  throw new WalletFailed("the wallet does not say which network it is on");
}

class WalletSigner implements Signer {
  readonly account: Address;
  readonly #provider: Provider;

  constructor(provider: Provider, account: Address) {
    this.#provider = provider;
    this.account = account;
  }

  async sign(domain: Domain, message: BallotMessage): Promise<Signature> {
    await requireChain(this.#provider, domain.chainId);
    const signature = await this.#signed(ballotTypedData(domain, message));
    requireSigner(this.account, ballotDigest(domain, message), signature);
    return signature;
  }

  async signBinding(terms: BindingTerms): Promise<Signature> {
    const signature = await this.#signed(bindingTypedData(terms));
    requireSigner(this.account, bindingDigest(terms), signature);
    return signature;
  }

  async #signed(data: TypedData): Promise<Signature> {
    const method = "eth_signTypedData_v4";
    const found = await ask(this.#provider, method, this.account, JSON.stringify(data));
    const bytes =
      typeof found === "string" ? bytesOf(found.toLowerCase().replace(/^0x/, "")) : null;
    try {
      if (bytes) return signatureFromEncoded(bytes);
    } catch (error) {
      if (!(known(error) instanceof InvalidDocument)) throw error;
    }
    throw new WalletFailed("the wallet answers with something that is no signature");
  }
}

/** What the codes of EIP-1193 and JSON-RPC mean here. */
const REFUSED = 4001;
const LOCKED = [4100, 4900];
const BUSY = -32002;
/** Maximum characters of a wallet's own words that are repeated. */
const MOST_WORDS = 200;

async function ask(provider: Provider, method: string, ...params: unknown[]): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const { code, message } = fields(error);
    if (code === REFUSED) throw new WalletRefused();
    if (code === BUSY) throw new WalletBusy();
    if (LOCKED.includes(code as number)) throw new WalletLocked();
    throw new WalletFailed(`the wallet does not do it${said(message)}`);
  }
}

/** A wallet's own words, if they can be shown. */
function said(message: unknown): string {
  const line = typeof message === "string" ? message.replace(/\s+/g, " ").slice(0, MOST_WORDS) : "";
  return line && isReadable(line) ? `: ${line}` : "";
}
