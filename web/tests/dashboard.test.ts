import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { RecordEvidence } from "../src/observer/record_evidence";
import { verify } from "../src/observer/verification";
import { Report } from "../src/trust/report";
import { launch, PATIENCE } from "./browser";
import { ownFolder } from "./folders";
import { packed } from "./vectors";

const PAGE = `file://${resolve("app/veche/web/index.html")}`;

interface Edit {
  readonly line: number;
  readonly before?: string;
  readonly text?: string | null;
  readonly from?: string;
  readonly to?: string;
}

interface Vector {
  readonly name: string;
  readonly verdict: string;
  readonly edits: readonly Edit[];
}

const { lines, records } = JSON.parse(readFileSync("tests/vectors/records.json", "utf8")) as {
  lines: string[];
  records: Vector[];
};
const ballots = lines
  .filter((each) => each.startsWith('{"ballot"'))
  .map((each) => JSON.parse(each).ballot);

/** The lines after edits, as `vectors.ts` makes them. */
function edited(edits: readonly Edit[]): string[] {
  const changed = lines.map((line) => [line]);
  for (const { line, before, from, to, text } of edits) {
    const place = changed[line - 1] as string[];
    const last = place.at(-1) as string;
    if (before !== undefined) place.unshift(before);
    else if (from !== undefined) place[place.length - 1] = last.replace(from, () => to ?? "");
    else place.splice(-1, 1, ...(typeof text === "string" ? [text] : []));
  }
  return changed.flat();
}

describe("the dashboard, opened from disk", () => {
  let browser: Browser;
  const folder = ownFolder("dashboard");
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  /** Opens the page, and gives it a record with these lines. */
  async function opened(of: readonly string[], hash = "#check"): Promise<[Page, string[]]> {
    const path = `${folder}/some.record`;
    const file = await packed(of, new Uint8Array(0));
    writeFileSync(path, new Uint8Array(await file.arrayBuffer()));
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const requests: string[] = [];
    page.on("request", (each) => requests.push(each.url()));
    await page.goto(PAGE + hash);
    await page.locator("#record").setInputFiles(path);
    await page.locator("#verdict:not([data-verdict=checking])").waitFor();
    return [page, requests.filter((each) => !/^(file|blob):/.test(each))];
  }

  const verdictOf = (page: Page): Promise<string | null> =>
    page.locator("#verdict").getAttribute("data-verdict");

  test("verifies a good record, shows the result, and asks nobody", async () => {
    const [page, requests] = await opened(lines);
    assert.equal(await verdictOf(page), "pass");
    assert.equal(await page.locator("#outcome").textContent(), "Trees");
    const scores = await page.locator(".result td:nth-of-type(1)").allTextContents();
    assert.deepEqual(scores, ["0", "3", "1", "0", "0"]);
    assert.match(
      (await page.locator("[aria-labelledby=results] .result + p").textContent()) ?? "",
      /Oak.*has most: 3/,
    );
    assert.deepEqual(requests, []);
    await page.close();
  });

  test("says that nothing shows whose poll it is, unless the reader was told", async () => {
    const [page] = await opened(lines);
    assert.equal(await page.locator("#whose").count(), 1);
    await page.close();
    const { definition } = JSON.parse(lines[3] as string);
    const link = `veche:${definition.address}@${definition.chainId}#${definition.pollHash}`;
    const [told] = await opened(lines, `#check&${link}`);
    assert.equal(await verdictOf(told), "pass");
    assert.equal(await told.locator("#whose").count(), 0);
    assert.match((await told.locator(".rests").textContent()) ?? "", /As you were told/);
    await told.close();
    const other = link.replace(/#0x../, "#0x00");
    const [wrong] = await opened(lines, `#check&${other}`);
    assert.equal(await verdictOf(wrong), "fail");
    assert.equal(await wrong.locator("tr[data-check='poll hash'][data-verdict=fail]").count(), 1);
    assert.match((await wrong.locator(".rests").textContent()) ?? "", /NOT as you were told/);
    await wrong.close();
  });

  test("finds a ballot by its tracker, in groups too, and what replaced it", async () => {
    const [page] = await opened(lines);
    const find = async (tracker: string): Promise<string> => {
      await page.locator("#tracker").fill(tracker);
      await page.getByRole("button", { name: "Find it" }).click();
      const found = page.locator("#finding .notice");
      return (await found.textContent()) ?? "";
    };
    const replaced = ballots[0].tracker as string;
    const counted = ballots.at(-1).tracker as string;
    const groups = (counted.slice(2).match(/.{1,4}/g) ?? []).join(" ");
    assert.match(await find(groups), /counts\. It is in the sums/);
    const found = await find(replaced);
    assert.match(found, /was replaced/);
    assert.ok(found.includes(counted));
    assert.match(await find(`0x${"12".repeat(32)}`), /There is no ballot/);
    await page.locator("#tracker").fill(counted);
    assert.equal(await page.locator("#finding .notice").count(), 0); // that was another's
    await page.locator("#tracker").fill("0x1234");
    await page.getByRole("button", { name: "Find it" }).click();
    await page.locator("#tracker-fault").waitFor();
    await page.close();
  });

  test("names the trustees, what they did, and draws who came when", async () => {
    const [page] = await opened(lines);
    const names = await page.locator(".trustees tbody bdi").allTextContents();
    assert.deepEqual(names, ["Anna", "Boris", "Clara"]);
    assert.equal(await page.locator(".line svg title").count(), 1);
    assert.match((await page.locator("#voters").textContent()) ?? "", /3 of 3/);
    await page.close();
  });

  test("a fault is seen under the name of its check, and no result with it", async () => {
    for (const { name, edits } of records.filter((each) => each.verdict === "fail")) {
      const of = edited(edits);
      const { report } = await verify(
        await RecordEvidence.open(await packed(of, new Uint8Array(0))),
        new Report(),
      );
      const [page] = await opened(of);
      assert.equal(await verdictOf(page), "fail", name);
      const shown = await page
        .locator("tr[data-verdict=fail]")
        .evaluateAll((rows) => rows.map((each) => each.getAttribute("data-check")));
      const failed = report.checks.filter((each) => each.verdict === "fail");
      assert.deepEqual(
        shown,
        failed.map((each) => each.name),
        name,
      );
      assert.equal(await page.locator(".result").count(), 0, name);
      await page.close();
    }
  });

  test("a record without a result never says more than it can", async () => {
    const before = records.find((each) => each.name === "before any share");
    const [page] = await opened(edited(before?.edits ?? []));
    assert.equal(await verdictOf(page), "pending");
    assert.equal(await page.locator(".result").count(), 0);
    const said = (await page.locator("#verdict").textContent()) ?? "";
    assert.match(said, /Only a node can show that nothing is missing/);
    assert.doesNotMatch(said, /Verified/);
    const over = page.locator("section:has(> #turnout) .over");
    assert.match((await over.textContent()) ?? "", /^Says .*not checked/);
    await page.close();
  });

  test("gives no verdict on a file that is no record, and no check has one", async () => {
    const [page] = await opened(lines.slice(1));
    assert.equal(await verdictOf(page), "none");
    assert.equal(await page.locator("tr[data-check]").count(), 0);
    await page.close();
  });
});
