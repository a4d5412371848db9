import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import "./in_browser";
import { launch, PAGE, PATIENCE } from "./browser";
import { packed } from "./vectors";

const FOLDER = "tests/vectors/";

describe("in Chromium", () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".json"))) {
    test(`the vectors of ${name} have their verdicts`, async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.goto(PAGE); // crypto.subtle is there for files too
      await page.evaluate(readFileSync("build/web/in_browser.js", "utf8"));
      const text = readFileSync(FOLDER + name, "utf8");
      const found = await page.evaluate(([of, content]) => globalThis.runVectors(of, content), [
        name.replace(".json", ""),
        text,
      ] as const);
      assert.deepEqual(found.failures, []);
      assert.ok(found.count > 0);
      await page.close();
    });
  }

  describe("the page, opened from disk", () => {
    const records = JSON.parse(readFileSync(`${FOLDER}records.json`, "utf8"));
    const lines: string[] = records.lines;
    let folder = "";
    before(async () => {
      folder = await mkdtemp(`${tmpdir()}/veche-page-`);
    });

    /** Opens the page, and gives it a record with these lines. */
    async function opened(name: string, of: readonly string[]): Promise<[Page, string[]]> {
      const file = await packed(of, new Uint8Array(0));
      writeFileSync(`${folder}/${name}`, new Uint8Array(await file.arrayBuffer()));
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      const requests: string[] = [];
      page.on("request", (each) => requests.push(each.url()));
      await page.goto(`${PAGE}#check`);
      await page.locator("#record").setInputFiles(`${folder}/${name}`);
      await page.locator("#verdict:not(:has-text('Checking'))").waitFor();
      return [page, requests];
    }

    test("verifies a good record, shows the result, and asks nobody", async () => {
      const [page, requests] = await opened("good.record", lines);
      assert.equal(await page.locator("#verdict").textContent(), "Verified: every check passed.");
      assert.equal(await page.locator("#title").textContent(), "Trees");
      const scores = await page.locator(".result td").allTextContents();
      assert.deepEqual(scores, ["0", "3", "1", "0", "0"]);
      assert.deepEqual(
        requests.filter((each) => !/^(file|blob):/.test(each)),
        [],
      );
      await page.close();
    });

    test("shows no result of a record whose check fails, and which check it is", async () => {
      const bent = lines.map((each) =>
        each.replace('"result":[0,3,1,0,0]', '"result":[3,0,1,0,0]'),
      );
      const [page] = await opened("bent.record", bent);
      assert.match((await page.locator("#verdict").textContent()) ?? "", /^Not verified: a check/);
      const failed = page.locator("tr[data-verdict=fail] th");
      assert.deepEqual(await failed.allTextContents(), ["result"]);
      assert.equal(await page.locator(".result").count(), 0);
      await page.close();
    });

    test("gives no verdict on a file that is no record", async () => {
      const [page] = await opened("none.record", lines.slice(1));
      assert.match((await page.locator("#verdict").textContent()) ?? "", /^No verdict/);
      await page.close();
    });
  });
});
