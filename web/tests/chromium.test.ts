import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import "./in_browser";
import { randomSecret } from "../src/crypto/sigma";
import { PreparedBallot, toJson } from "../src/protocol/ballot";
import { fromPlain } from "../src/protocol/definition";
import { Form } from "../src/protocol/plain";
import { accountOf } from "../src/protocol/signature";
import { launch, PATIENCE } from "./browser";
import { signedBy } from "./others";

const FOLDER = "tests/vectors/";
const PAGE = `file://${resolve("app/veche/web/index.html")}`;

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

  test("a link is taken with the address of the page that stands before it", async () => {
    const link = `veche:0x${"11".repeat(20)}@1#0x${"22".repeat(32)}`;
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    for (const [pasted, hash] of [
      [link, `#${link}`],
      [` https://relay.test/#${link} `, `#${link}&at=https%3A%2F%2Frelay.test`],
      [`https://a.test/#${link}&at=https://b.test`, `#${link}&at=https%3A%2F%2Fb.test%2F`],
    ] as const) {
      await page.goto(`${PAGE}#start`);
      await page.locator("textarea").fill(pasted);
      await page.getByRole("button", { name: "Vote", exact: true }).click();
      await page.waitForFunction((wanted) => location.hash === wanted, hash);
    }
    await page.close();
  });

  test("a signed ballot that is opened as a file is told for what it is", async () => {
    const lines = JSON.parse(readFileSync(`${FOLDER}records.json`, "utf8")).lines;
    const poll = fromPlain(Form.parse(lines[3], "record").form("definition"));
    const key = randomSecret();
    const voter = { voter: accountOf(key), weight: 1n, replaces: null };
    const prepared = PreparedBallot.encrypt([0, 0, 1, 0, 0], poll, voter);
    const text = toJson(signedBy(prepared, key, poll.closes));
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    for (const [name, json, heading, said] of [
      ["ballot-1a2b3c4d.json", text, "A signed ballot", "with the command veche carry"],
      ["ballot.json", text.replace("0x", "0y"), "An opened ballot", "not what the page expected"],
    ] as const) {
      await page.goto(`${PAGE}#start`);
      await page.reload();
      const file = { name, mimeType: "application/json", buffer: Buffer.from(json) };
      await page.locator("input[type=file]").setInputFiles(file);
      await page.getByRole("heading", { name: heading }).waitFor();
      await page.getByText(said).waitFor();
    }
    await page.close();
  });

  test("a relay or node that leads elsewhere is not followed, and told", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const headers = {
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "content-type",
        location: "/elsewhere",
      };
      response.writeHead(request.method === "OPTIONS" ? 204 : 307, headers).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const at = encodeURIComponent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${PAGE}#veche:0x${"11".repeat(20)}@1#0x${"22".repeat(32)}&at=${at}`);
    await page.locator("details", { hasText: "sends this page to another URL" }).waitFor();
    assert.ok(asked.includes("POST /") && !asked.some((each) => each.includes("elsewhere")));
    await page.close();
    server.closeAllConnections();
    server.close();
  });

  test("an old browser, and one without scripts, is told what to do", async () => {
    const without = await browser.newContext({ javaScriptEnabled: false });
    const still = await without.newPage();
    await still.goto(PAGE);
    const text = still.locator("noscript p");
    await text.waitFor();
    assert.match((await text.textContent()) ?? "", /Please allow JavaScript/);
    assert.equal(await still.locator(".old").isVisible(), false);
    await without.close();
    const old = await browser.newPage();
    await old.addInitScript("delete globalThis.TextEncoder");
    await old.goto(PAGE);
    await old.getByText("This browser is too old for this page.").waitFor();
    assert.equal(await old.getByRole("button").count(), 0);
    await old.close();
  });

  test("the page offers nothing within another page", async () => {
    const around = `${resolve("build/web")}/around.html`;
    writeFileSync(around, `<iframe src="${PAGE}"></iframe>`);
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`file://${around}`);
    const frame = page.frameLocator("iframe");
    await frame.getByText("Open this page in a tab of its own").waitFor();
    assert.equal(await frame.locator("main button, main input, main textarea").count(), 0);
    await page.close();
  });
});
