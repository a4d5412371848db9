/** The vectors and a vote in Debian's Firefox, which Playwright does not drive. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import "./in_browser";
import { PATIENCE } from "./browser";
import { ownFolder } from "./folders";
import { Town } from "./town";
import { served } from "./visitor";

const FOLDER = "tests/vectors/";
const PAGE = "build/page/firefox.html";

describe("in Firefox", () => {
  let [town, browser, server, site] = [] as unknown as [Town, Browser, Server, string];
  before(async () => {
    execFileSync("node", ["web/build.mjs", PAGE]);
    [site, server] = await served(readFileSync(PAGE));
    const executablePath = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
    const options = { executablePath, timeout: PATIENCE, protocolTimeout: PATIENCE };
    [town, browser] = await Promise.all([
      Town.start(),
      puppeteer.launch({ browser: "firefox", ...options }),
    ]);
  });
  after(async () => {
    await browser?.close();
    server?.close();
    await town?.end();
  });

  async function opened(fragment = ""): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(site + fragment);
    return page;
  }

  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".json"))) {
    test(`the vectors of ${name} have their verdicts`, async () => {
      const page = await opened();
      await page.evaluate(readFileSync("build/web/in_browser.js", "utf8"));
      const found = await page.evaluate(
        (of, content) => globalThis.runVectors(of, content),
        name.replace(".json", ""),
        readFileSync(FOLDER + name, "utf8"),
      );
      assert.deepEqual(found.failures, []);
      assert.ok(found.count > 0);
      await page.close();
    });
  }

  test("somebody votes with a key file, and the ballot counts", async () => {
    const voter = town.voter(5);
    const file = `${ownFolder("firefox")}/key.json`;
    writeFileSync(file, voter.keystore);
    const page = await opened(town.poll("more").fragment);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    const presses = (name: string): Promise<void> =>
      page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
    const chooses = (name: string): Promise<void> =>
      page.locator(`::-p-xpath(//label[normalize-space()="${name}"])`).click();
    await presses("Begin");
    const input = await page.waitForSelector("#key-file-input");
    await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
    await page.locator("input[type=password]").fill(town.told.password);
    await presses("Open the key");
    await page.waitForSelector("::-p-text(Your key is on the electoral roll)");
    await presses("Next");
    await chooses("Oak");
    await presses("Next");
    await chooses("Stone");
    await presses("Next");
    await presses("Encrypt my ballot");
    await presses("Cast this ballot");
    await page.waitForSelector("h1::-p-text(Your ballot counts)");
    const shown = await page.$eval("[data-tracker]", (each) => each.getAttribute("data-tracker"));
    assert.equal(await town.tracker("more", voter), shown);
    assert.deepEqual(faults, []);
    await page.close();
  });
});
