/** The dashboard at real nodes and relays, honest ones and others: the town of tests/support. */

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launch, PATIENCE } from "./browser";
import { Town } from "./town";

const PAGE = `file://${resolve("app/veche/web/index.html")}`;
/** In seconds. */
const DAY = 86_400;

describe("the dashboard at nodes", () => {
  let browser: Browser;
  let town: Town;
  before(async () => {
    [browser, town] = await Promise.all([launch(), Town.start()]);
  });
  after(async () => {
    await browser.close();
    await town.end();
  });

  interface Asked {
    /** What stands in the field of the poll; the link by default. */
    readonly poll?: string;
    readonly urls: readonly string[];
    readonly record?: string;
  }

  /** Opens the page for a poll of the town, and has it checked. */
  const checked = (name: string, asked: Asked): Promise<Page> =>
    checkedBy(town.poll(name).link, asked);

  async function checkedBy(link: string, { poll, urls, record }: Asked): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${PAGE}#check&${link}`);
    if (poll !== undefined) await page.locator("#poll").fill(poll);
    if (record) {
      await page.locator("#record").setInputFiles(record);
      await verdictOf(page);
      await page.locator(".source > summary").click();
    }
    await page.locator("#urls").fill(urls.join("\n"));
    await page.locator("form button.main").first().click();
    return page;
  }

  async function verdictOf(page: Page): Promise<string | null> {
    const found = page.locator("#verdict:not([data-verdict=checking])");
    return found.getAttribute("data-verdict");
  }

  const text = async (page: Page, what: string): Promise<string> =>
    (await page.locator(what).first().textContent()) ?? "";

  test("a poll at a relay is verified, with its result, its catalogue and its network", async () => {
    const page = await checked("tallied", { urls: [town.told.relay] });
    assert.equal(await verdictOf(page), "pass");
    assert.equal(await page.locator(".result").count(), 2);
    assert.match(await text(page, ".rests"), /As you were told.*alone: it can hide/);
    await page.locator("#makers").waitFor();
    await page.getByRole("button", { name: "List the polls" }).click();
    await page.locator("[aria-labelledby=polls] table").waitFor();
    assert.match(await text(page, "[aria-labelledby=polls] table"), /Counted/);
    assert.equal(
      await page.locator("[aria-labelledby=polls] tbody tr").count(),
      Object.keys(town.told.polls).length,
    );
    // nobody told the hash of another poll, but who made it is known now
    await page.locator("[aria-labelledby=polls] button").last().click();
    assert.equal(await verdictOf(page), "pass");
    await page.locator("#whose").waitFor();
    assert.match(await text(page, "#whose"), /rests on the officials' catalogue/);
    await page.close();
  });

  test("nodes must agree, and one that is named twice agrees with itself alone", async () => {
    const { node, liar, relay } = town.told;
    await town.do("lie");
    const both = await checked("tallied", { urls: [node, liar, relay] });
    assert.equal(await verdictOf(both), "pass");
    assert.match(await text(both, ".rests"), /3 that agree.*1 host/);
    await both.close();
    const twice = await checked("tallied", { urls: [node, `${node}/`] });
    assert.equal(await verdictOf(twice), "fail");
    await twice.locator("tr[data-check='nodes agree'][data-verdict=fail]").waitFor();
    await twice.close();
    await town.do("lie", { name: "another result" });
    const split = await checked("tallied", { urls: [node, liar] });
    assert.equal(await verdictOf(split), "fail");
    await split.locator("tr[data-check='nodes agree'][data-verdict=fail]").waitFor();
    assert.equal(await split.locator(".result").count(), 0);
    await split.close();
    await town.do("lie");
  });

  test("a lie is seen under the name of its check, and no result with it", async () => {
    for (const [lie, check] of [
      ["another key", "poll hash"],
      ["another result", "result"],
      ["other sums", "sums"],
      ["fewer voters", "counts"],
      ["another board hash", "board hash"],
    ] as const) {
      await town.do("lie", { name: lie });
      const page = await checked("tallied", { urls: [town.told.liar] });
      assert.equal(await verdictOf(page), "fail", lie);
      await page.locator(`tr[data-check="${check}"][data-verdict=fail]`).waitFor();
      assert.equal(await page.locator(".result, #turnout").count(), 0, lie);
      await page.close();
    }
    await town.do("lie");
  });

  test("a node that lacks logs gives no verdict, and says nothing of the poll", async () => {
    await town.do("lie", { name: "a deal" });
    const page = await checked("tallied", { urls: [town.told.liar] });
    assert.equal(await verdictOf(page), "none");
    assert.equal(await page.locator("tr[data-check]").count(), 0);
    await page.close();
    await town.do("lie");
  });

  test("a record is held against a node", async () => {
    const { path } = await town.do("record", { poll: "tallied" });
    const page = await checked("tallied", { urls: [town.told.node], record: String(path) });
    await page.locator("tr[data-check='nodes agree'][data-verdict=pass]").waitFor();
    assert.equal(await verdictOf(page), "pass");
    assert.match(await text(page, ".rests"), /A file, which was held against/);
    await page.close();
    const { path: open } = await town.do("record", { poll: "scheduled" });
    const alone = await checked("scheduled", { urls: [town.told.node], record: String(open) });
    await alone.locator("tr[data-check='nodes agree'][data-verdict=pass]").waitFor();
    assert.equal(await alone.locator("tr[data-check='nothing left out']").count(), 0);
    await alone.close();
  });

  test("an open poll is followed, until it turns bad and the alarm is raised", async () => {
    const page = await checked("trees", { urls: [town.told.liar] });
    assert.equal(await verdictOf(page), "pending");
    await page.locator("#following").waitFor();
    assert.equal(await page.locator(".result").count(), 0);
    await town.do("lie", { name: "another key" });
    await town.do("close", { poll: "closing" }); // blocks come
    await page.locator("#alarm").waitFor();
    assert.match(await page.title(), /Alarm/);
    assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "fail");
    await town.do("lie");
    await page.close();
  });

  /** A poll on a chain of its own, which closes after so many seconds, and is followed. */
  async function followed(seconds: number): Promise<Page> {
    const { node, link } = await town.do("quiet", { seconds });
    const page = await checkedBy(String(link), { urls: [String(node)] });
    assert.equal(await verdictOf(page), "pending");
    return page;
  }

  test("blocks that are replaced are told, and all ballots are counted again", async () => {
    const page = await followed(DAY);
    const voters = (count: number): Promise<void> =>
      page.locator("#voters", { hasText: `${count} of 5` }).waitFor();
    await town.do("vote", { voter: 0 });
    await voters(1);
    const { before } = await town.do("vote", { voter: 1 });
    await voters(2);
    assert.equal(await page.locator("#reorganised").count(), 0);
    await town.do("reorganise", { before, voter: 2 });
    await page.locator("#reorganised").waitFor();
    await voters(2);
    assert.equal(await verdictOf(page), "pending");
    await town.do("vote", { voter: 3 });
    await voters(3);
    assert.equal(await page.locator("#reorganised").count(), 0);
    await page.close();
  });

  test("a node that stands still is a warning, until a block comes", async () => {
    const page = await followed(DAY);
    await page.locator("#still").waitFor();
    assert.match(await text(page, "#still"), /No new block has come for \d+ seconds.*another node/);
    assert.equal(await verdictOf(page), "pending");
    await town.do("vote", { voter: 0 });
    await page.locator("#still").waitFor({ state: "detached" });
    await page.locator("#voters", { hasText: "1 of 5" }).waitFor();
    await page.close();
  });

  test("a node that stands still past the close gives no verdict any more", async () => {
    const page = await followed(1);
    await page.locator("#verdict[data-verdict=none]").waitFor();
    assert.match(await text(page, "#verdict"), /no new block, though the poll must have closed/);
    assert.equal(await page.locator("tr[data-check], #turnout").count(), 0);
    await page.close();
  });

  test("what is no poll, no node or another network is told", async () => {
    const { node } = town.told;
    const { address, link } = town.poll("tallied");
    const wrong = await checked("tallied", { poll: link.replace("@31337", "@1"), urls: [node] });
    assert.equal(await verdictOf(wrong), "none");
    assert.match(await text(wrong, "#verdict"), /another network/);
    await wrong.close();
    const lost = await checked("tallied", { poll: address, urls: ["http://127.0.0.1:9"] });
    assert.equal(await verdictOf(lost), "none");
    await lost.close();
    const typo = await checked("tallied", { poll: "trees", urls: ["node"] });
    await typo.locator("#poll-fault").waitFor();
    await typo.locator("#urls-fault").waitFor();
    await typo.close();
  });
});
