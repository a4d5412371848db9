/** A walk through every screen of the page, in a real town: for what looks at each of them. */

import { readFileSync, writeFileSync } from "node:fs";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { type Key, type Values, Words } from "../src/ui/words";
import { PATIENCE } from "./browser";
import { ownFolder } from "./folders";
import type { Town, TownVoter } from "./town";
import { packed } from "./vectors";
import { Wallet } from "./wallet";

/** Looks at a screen. The page is in English before and after. */
export type Look = (name: string, page: Page) => Promise<void>;

const english = new Words("en");
const say = (key: Key, values?: Values): string => english.say(key, values);

export class Walk {
  readonly #browser: Browser;
  readonly #town: Town;
  readonly #site: string;
  readonly #look: Look;
  readonly #folder = ownFolder("screens");

  constructor(browser: Browser, town: Town, site: string, look: Look) {
    this.#browser = browser;
    this.#town = town;
    this.#site = site;
    this.#look = look;
  }

  async everywhere(): Promise<void> {
    await this.#start();
    await this.#polls();
    await this.#wallet();
    await this.#vote();
    await this.#audit();
    await this.#kinds();
    await this.#enrol();
    await this.#record();
    await this.#nodes();
  }

  // -- Steps --

  async #opened(fragment: string, context?: BrowserContext): Promise<Page> {
    const within = context ?? (await this.#browser.newContext({ locale: "en-GB" }));
    const page = await within.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(this.#site + fragment);
    return page;
  }

  async #press(page: Page, key: Key): Promise<void> {
    await page.getByRole("button", { name: say(key), exact: true }).click();
  }

  #heading(page: Page, name: string): Locator {
    return page.getByRole("heading", { level: 1, name, exact: true });
  }

  async #unlock(page: Page, voter: TownVoter): Promise<void> {
    const file = `${this.#folder}/${voter.address}.json`;
    writeFileSync(file, voter.keystore);
    await page.getByLabel(say("booth.key.fileLabel")).setInputFiles(file);
    await page
      .getByLabel(say("booth.key.password"), { exact: true })
      .fill(this.#town.told.password);
    await this.#press(page, "booth.key.open");
  }

  /** Makes a key on the page, and looks at both sides of it. */
  async #newKey(page: Page, name: string): Promise<void> {
    const summary = page.locator("summary", { hasText: say("booth.key.new") });
    await summary.waitFor();
    if (!(await page.getByLabel(say("booth.key.newPassword")).isVisible())) await summary.click();
    await this.#look(`${name}-new`, page);
    await page.getByLabel(say("booth.key.newPassword")).fill("a long password");
    await page.getByLabel(say("booth.key.againPassword")).fill("a long password");
    await this.#press(page, "booth.key.make");
    await page.getByText(say("booth.key.made")).waitFor();
    await this.#look(`${name}-made`, page);
  }

  async #answered(page: Page): Promise<void> {
    await page.getByLabel("Oak").check();
    await this.#press(page, "booth.next");
    for (const each of ["Wood", "Iron"]) await page.getByLabel(each).check();
  }

  // -- Ways --

  async #start(): Promise<void> {
    const page = await this.#opened("");
    await this.#look("start", page);
    await page.getByLabel(say("start.link")).fill("no link");
    await this.#press(page, "start.vote");
    await page.getByRole("alert").waitFor();
    await this.#look("start-fault", page);
    await page.goto(`${this.#site}#veche:0x12`);
    await this.#heading(page, say("page.titleBroken")).waitFor();
    await this.#look("broken", page);
    await page.context().close();
  }

  /** Polls in which nobody can vote, and polls that are none. */
  async #polls(): Promise<void> {
    const page = await this.#opened("");
    for (const name of ["scheduled", "cancelled", "tallied"]) {
      await page.goto(this.#site + this.#town.poll(name).fragment);
      await this.#heading(page, "Trees and benches").waitFor();
      await this.#look(`poll-${name}`, page);
    }
    const { link, fragment } = this.#town.poll("trees");
    const bent = link.slice(0, -1) + (link.endsWith("0") ? "1" : "0");
    await page.goto(this.#site + fragment.replace(link, bent));
    await this.#heading(page, say("booth.opening.stop")).waitFor();
    await this.#look("poll-stop", page);
    await page.goto(`${this.#site}#${link}&at=http://127.0.0.1:9`);
    await page.getByRole("alert").waitFor();
    await this.#look("poll-lost", page);
    await page.context().close();
  }

  /** A wallet that says no, and one that shows an account. */
  async #wallet(): Promise<void> {
    const page = await this.#opened("");
    const wallet = await Wallet.installed(page, this.#town);
    wallet.key = this.#town.voter(6).key;
    wallet.mood = "refuses";
    await page.goto(this.#site + this.#town.poll("trees").fragment);
    await page.reload();
    await this.#press(page, "booth.poll.go");
    const button = page.getByRole("button", { name: "Honest Wallet" });
    await button.waitFor();
    await this.#look("key-wallet", page);
    await button.click();
    await page.getByRole("alert").waitFor();
    await this.#look("key-wallet-refused", page);
    wallet.mood = "willing";
    await button.click();
    await page.getByText(say("booth.roll.on")).waitFor();
    await this.#look("key-wallet-on-roll", page);
    await page.context().close();
  }

  async #vote(): Promise<void> {
    const page = await this.#opened(this.#town.poll("trees").fragment);
    await this.#heading(page, "Trees and benches").waitFor();
    await this.#look("poll", page);
    await this.#press(page, "booth.poll.go");
    await this.#look("key", page);
    await this.#newKey(page, "key");
    await page.reload();
    await this.#unlock(page, this.#town.told.stranger);
    await page.getByText(say("booth.roll.off")).waitFor();
    await this.#look("key-off-roll", page);
    await this.#unlock(page, this.#town.voter(2));
    await page.getByText(say("booth.roll.on")).waitFor();
    await this.#look("key-on-roll", page);
    await this.#press(page, "booth.next");
    await this.#heading(page, "Which tree?").waitFor();
    await this.#press(page, "booth.next");
    await page.getByRole("alert").waitFor();
    await this.#look("question-fault", page);
    await this.#answered(page);
    await this.#look("question", page);
    await this.#press(page, "booth.next");
    await this.#look("review", page);
    await this.#press(page, "booth.review.do");
    await this.#heading(page, say("booth.decide.title")).waitFor();
    await this.#look("decide", page);
    await this.#press(page, "booth.decide.castDo");
    await this.#heading(page, say("booth.sent.counted")).waitFor();
    await this.#look("counted", page);
    await page.context().close();
  }

  /** A ballot that is opened, and one that a relay swallows. */
  async #audit(): Promise<void> {
    await this.#town.do("trick", { name: "swallow" });
    const { link } = this.#town.poll("trees");
    const page = await this.#opened(`#${link}&at=${encodeURIComponent(this.#town.told.proxy)}`);
    await this.#press(page, "booth.poll.go");
    await this.#unlock(page, this.#town.voter(3));
    await this.#press(page, "booth.next");
    await this.#answered(page);
    await this.#press(page, "booth.next");
    await this.#press(page, "booth.review.do");
    await this.#press(page, "booth.decide.auditDo");
    await page.getByText(say("booth.audit.agrees")).waitFor();
    await this.#look("audit", page);
    const download = page.waitForEvent("download");
    await this.#press(page, "booth.audit.save");
    const file = `${this.#folder}/audit.json`;
    await (await download).saveAs(file);
    await this.#auditElsewhere(file);
    await this.#press(page, "booth.audit.next");
    await this.#press(page, "booth.review.do");
    await this.#press(page, "booth.decide.castDo");
    await page.locator("summary", { hasText: say("booth.other.title") }).click();
    await this.#look("sent", page);
    await this.#town.do("trick", { name: "vanish" });
    await this.#press(page, "booth.other.again");
    await page.getByText(say("error.RelayUnreachable")).waitFor();
    await this.#look("sent-lost", page);
    await this.#town.do("trick", { name: "honest" });
    await page.context().close();
  }

  async #auditElsewhere(file: string): Promise<void> {
    const bent = `${this.#folder}/bent.json`;
    const text = readFileSync(file, "utf8");
    writeFileSync(bent, text.replace('"scores":[0,1,0', '"scores":[1,0,0'));
    const page = await this.#opened("");
    await page.locator("input[type=file]").setInputFiles(bent);
    await page.getByRole("alert").waitFor();
    await this.#look("audit-failed", page);
    await page.context().close();
  }

  /** A question of every kind, some of them from right to left. */
  async #kinds(): Promise<void> {
    const page = await this.#opened(this.#town.poll("kinds").fragment);
    await this.#press(page, "booth.poll.go");
    await this.#unlock(page, this.#town.voter(4));
    await this.#press(page, "booth.next");
    await page.getByLabel("بلوط").check();
    await this.#look("question-right-to-left", page);
    await this.#press(page, "booth.next");
    for (const each of ["<img src=x onerror=alert(1)>", "&amp;"]) {
      await page.getByLabel(each, { exact: true }).check();
    }
    await this.#press(page, "booth.next");
    await page.getByLabel("Анна").check();
    await this.#press(page, "booth.next");
    await page.getByLabel("Park").fill("5");
    await page.getByLabel("Pool").fill("2");
    await this.#look("question-scores", page);
    await this.#press(page, "booth.next");
    await page.getByLabel("Roads").fill("30");
    await page.getByRole("alert").waitFor();
    await this.#look("question-points", page);
    await page.getByLabel("Roads").fill("10");
    await this.#press(page, "booth.next");
    await this.#look("review-kinds", page);
    await page.context().close();
  }

  async #enrol(): Promise<void> {
    const [letter] = this.#town.told.letters;
    const page = await this.#opened(letter?.fragment ?? "");
    await this.#heading(page, "Oak Street").waitFor();
    await this.#look("enrol", page);
    await this.#press(page, "booth.next");
    await this.#heading(page, say("enrol.key")).waitFor();
    await this.#newKey(page, "enrol-key");
    const saved = page.waitForEvent("download");
    await this.#press(page, "booth.key.save");
    await saved;
    await this.#press(page, "booth.key.use");
    await this.#heading(page, say("enrol.confirm")).waitFor();
    await this.#look("enrol-confirm", page);
    await this.#press(page, "enrol.do");
    await this.#heading(page, say("enrol.done")).waitFor();
    await this.#look("enrol-done", page);
    await page.context().close();
  }

  /** Election records: a good one, one that a check refuses, and a file that is none. */
  async #record(): Promise<void> {
    const { lines }: { lines: string[] } = JSON.parse(
      readFileSync("tests/vectors/records.json", "utf8"),
    );
    const bent = lines.map((each) => each.replace('"result":[0,3,1,0,0]', '"result":[3,0,1,0,0]'));
    const page = await this.#opened("#check");
    await this.#look("check", page);
    for (const [name, of] of Object.entries({
      passed: lines,
      failed: bent,
      none: lines.slice(1),
    })) {
      const path = `${this.#folder}/${name}.record`;
      const file = await packed(of, new Uint8Array(0));
      writeFileSync(path, new Uint8Array(await file.arrayBuffer()));
      await page.goto(`${this.#site}#start`);
      await page.goto(`${this.#site}#check`);
      await page.locator("#record").setInputFiles(path);
      await page.locator("#verdict:not([data-verdict=checking])").waitFor();
      if (name === "passed") await this.#found(page, trackerIn(lines));
      await this.#look(`check-${name}`, page);
    }
    await page.context().close();
  }

  async #found(page: Page, tracker: string): Promise<void> {
    await page.locator("#tracker").fill(tracker);
    await this.#press(page, "dash.find");
    await page.locator("#finding .notice").waitFor();
  }

  /** Polls on nodes: one that is followed, and one with a result. */
  async #nodes(): Promise<void> {
    for (const name of ["trees", "tallied"]) {
      const { link } = this.#town.poll(name);
      const page = await this.#opened(
        `#check&${link}&at=${encodeURIComponent(this.#town.told.node)}`,
      );
      await this.#press(page, "dash.form.do");
      await page.locator("#verdict:not([data-verdict=checking])").waitFor();
      await this.#press(page, "dash.pollsList");
      await page.locator("[aria-labelledby=polls] tbody tr").first().waitFor();
      await this.#look(`check-${name}`, page);
      await page.context().close();
    }
  }
}

/** The tracker of the last ballot in a record. */
function trackerIn(lines: readonly string[]): string {
  const ballots = lines.filter((each) => each.startsWith('{"ballot"'));
  return JSON.parse(ballots.at(-1) as string).ballot.tracker;
}
