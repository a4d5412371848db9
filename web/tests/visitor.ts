/** Somebody who votes with the page, in a browser of their own, as people do: by what they read. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { checked } from "../src/protocol/addresses";
import type { Told, TownVoter } from "./town";

/** Milliseconds for what takes one or two seconds on an idle machine. */
const PATIENCE = 120_000;

/** Of keys that people make. */
export const PASSWORD = "a long password";

/** A vote in the polls `trees`, `more` and `closing`. */
export interface TreeVote {
  readonly tree: "Lime" | "Oak" | "Rowan";
  readonly benches: readonly string[];
}

/** Serves the page on this machine, as any web server would. */
export async function served(page: Buffer): Promise<[string, Server]> {
  const server = createServer((asked, answer) => {
    if (asked.url !== "/") return answer.writeHead(404).end();
    return answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server];
}

export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Hosts that were asked for anything. */
  readonly hosts: Set<string>;
  readonly #town: Told;
  readonly #site: string;
  readonly #faults: string[];
  readonly #expected: string[] = [];

  private constructor(
    context: BrowserContext,
    page: Page,
    town: Told,
    site: string,
    watched: Watched,
  ) {
    this.context = context;
    this.page = page;
    this.#town = town;
    this.#site = site;
    this.hosts = watched.hosts;
    this.#faults = watched.faults;
  }

  /** Somebody in a new browser. */
  static async arrives(browser: Browser, town: Told, site: string): Promise<Visitor> {
    const context = await browser.newContext({ locale: "en-GB", acceptDownloads: true });
    context.setDefaultTimeout(PATIENCE);
    const watched = watch(context);
    return new Visitor(context, await context.newPage(), town, site, watched);
  }

  /** Somebody with a second tab of the same browser. */
  async secondTab(): Promise<Visitor> {
    const page = await this.context.newPage();
    return new Visitor(this.context, page, this.#town, this.#site, {
      hosts: this.hosts,
      faults: this.#faults,
    });
  }

  /** Goes, if this person's page worked and asked nobody but the town. */
  async leaves(): Promise<void> {
    await this.context.close();
    const { node, relay, liar, proxy } = this.#town;
    const known = [this.#site, node, relay, liar, proxy].map((each) => new URL(each).host);
    assert.deepEqual(
      [...this.hosts].filter((each) => ![...known, ...this.#expected].includes(each)),
      [],
    );
    assert.deepEqual(this.#faults, []);
  }

  // -- What people do --

  async opens(fragment: string): Promise<void> {
    await this.page.goto(this.#site + fragment);
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { name, level: 1 });
  }

  async sees(name: string | RegExp): Promise<void> {
    await this.heading(name).waitFor();
  }

  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Begins to vote, with a key file. */
  async begins(voter: TownVoter): Promise<void> {
    await this.presses("Begin");
    await this.unlocks(voter);
    await this.presses("Next");
  }

  /** Opens a key file; if no password is given, the right one, for a voter who is on the roll. */
  async unlocks(voter: Pick<TownVoter, "keystore">, password?: string): Promise<void> {
    await this.unlocksAny(voter, password ?? this.#town.password);
    if (password === undefined) await this.reads("Your key is on the electoral roll");
  }

  /** Opens a key file. */
  async unlocksAny({ keystore }: Pick<TownVoter, "keystore">, password: string): Promise<void> {
    await this.sees("Your key");
    const buffer = Buffer.from(keystore);
    await this.page
      .locator("#key-file-input")
      .setInputFiles({ name: "key.json", mimeType: "application/json", buffer });
    await this.page.getByLabel("Its password").fill(password);
    await this.presses("Open the key");
  }

  /** Makes a key, and saves its file. */
  async makesKey(): Promise<TownVoter> {
    const summary = this.page.getByText("I have no key yet");
    await summary.waitFor();
    if (!(await this.page.getByLabel("A new password").isVisible())) await summary.click();
    await this.page.getByLabel("A new password").fill(PASSWORD);
    await this.page.getByLabel("The same again").fill(PASSWORD);
    await this.presses("Make the key");
    const saved = this.page.waitForEvent("download");
    await this.presses("Save the key file");
    const keystore = readFileSync(await (await saved).path(), "utf8");
    await this.presses("Use this key");
    return { address: checked(`0x${JSON.parse(keystore).address}`) as string, key: "", keystore };
  }

  /** Says whom else this person's page may ask. */
  expects(url: string): void {
    this.#expected.push(new URL(url).host);
  }

  async answers({ tree, benches }: TreeVote): Promise<void> {
    await this.sees("Which tree?");
    await this.page.getByRole("radio", { name: tree, exact: true }).check();
    await this.presses("Next");
    await this.sees("Which benches?");
    for (const each of ["Wood", "Stone", "Iron"]) {
      const box = this.page.getByRole("checkbox", { name: each, exact: true });
      await box.setChecked(benches.includes(each));
    }
    if (!benches.length) await this.page.getByRole("checkbox", { name: "I give nothing" }).check();
    await this.presses("Next");
    await this.sees("Is this your vote?");
  }

  /** Has the ballot encrypted; its tracker. */
  async encrypts(): Promise<string> {
    await this.presses("Encrypt my ballot");
    await this.sees("Cast or audit?");
    return this.tracker();
  }

  /** The tracker that the page shows. */
  async tracker(): Promise<string> {
    const found = await this.page.locator("[data-tracker]").first().getAttribute("data-tracker");
    assert.match(found ?? "", /^0x[0-9a-f]{64}$/);
    return found as string;
  }

  async casts(): Promise<void> {
    await this.presses("Cast this ballot");
  }

  async isCounted(): Promise<void> {
    await this.sees("Your ballot counts");
  }

  /** All of it, from the link to the receipt; the tracker. */
  async votes(fragment: string, voter: TownVoter, vote: TreeVote): Promise<string> {
    await this.opens(fragment);
    await this.begins(voter);
    await this.answers(vote);
    const tracker = await this.encrypts();
    await this.casts();
    await this.isCounted();
    assert.equal(await this.tracker(), tracker);
    return tracker;
  }
}

interface Watched {
  readonly hosts: Set<string>;
  readonly faults: string[];
}

/** Whom a browser asks, and what its pages break. */
function watch(context: BrowserContext): Watched {
  const watched: Watched = { hosts: new Set(), faults: [] };
  context.on("request", (each) => {
    const { protocol, host } = new URL(each.url());
    if (protocol !== "blob:" && protocol !== "file:") watched.hosts.add(host);
  });
  context.on("weberror", (each) => watched.faults.push(String(each.error())));
  context.on("console", (each) => {
    if (/Content Security Policy|Unhandled/i.test(each.text())) watched.faults.push(each.text());
  });
  return watched;
}
