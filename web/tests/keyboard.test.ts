/** The page with the keyboard alone: nothing is clicked, and the focus is always seen. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type Key, Words } from "../src/ui/words";
import { launch, PATIENCE } from "./browser";
import { ownFolder } from "./folders";
import { Town } from "./town";
import { packed } from "./vectors";

const PAGE = `file://${resolve("app/veche/web/index.html")}`;
/** More stops than any screen has. */
const MOST = 80;
const folder = ownFolder("keyboard");
const english = new Words("en");
const say = (key: Key): string => english.say(key);

/** What has the focus: its name, as people hear it, and whether it is seen to have it. */
function focused(page: Page): Promise<{ name: string; isSeen: boolean }> {
  return page.evaluate(() => {
    const here = document.activeElement;
    if (!here || here === document.body) return { name: "", isSeen: true };
    const isField = here instanceof HTMLInputElement || here instanceof HTMLTextAreaElement;
    const named = [...((isField && here.labels) || []), here];
    const name = named.map((each) => each.textContent ?? "").join(" ");
    const { outlineStyle, outlineWidth } = getComputedStyle(here);
    const isByScript = (here as HTMLElement).tabIndex < 0; // a heading, which is read to the blind
    const isSeen = isByScript || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2);
    return { name: name.replace(/\s+/g, " ").trim(), isSeen };
  });
}

/** Goes on with Tab until what is called so has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const met: string[] = [];
  for (let count = 0; count < MOST; count++) {
    await page.keyboard.press("Tab");
    const { name: found, isSeen } = await focused(page);
    assert.ok(isSeen, `the focus on "${found}" is seen`);
    if (found.includes(name)) return;
    met.push(found);
  }
  assert.fail(`"${name}" was not met among ${JSON.stringify(met)}`);
}

async function press(page: Page, name: string, key = "Enter"): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

/** Chooses a file in the dialogue that the space bar opens. */
async function chooseFile(page: Page, name: string, path: string): Promise<void> {
  const dialogue = page.waitForEvent("filechooser");
  await press(page, name, "Space");
  await (await dialogue).setFiles(path);
}

describe("with the keyboard alone", () => {
  let browser: Browser;
  let town: Town;
  before(async () => {
    [browser, town] = await Promise.all([launch(), Town.start()]);
  });
  after(() => Promise.all([browser.close(), town.end()]));

  async function opened(fragment: string): Promise<Page> {
    const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(PAGE + fragment);
    return page;
  }

  const heading = (page: Page, name: string): Promise<void> =>
    page.getByRole("heading", { level: 1, name, exact: true }).waitFor();

  test("a voter votes", async () => {
    const voter = town.voter(5);
    const page = await opened(town.poll("trees").fragment);
    await heading(page, "Trees and benches");
    await press(page, say("booth.poll.go"));
    await heading(page, say("booth.key.title"));
    const file = `${folder}/key.json`;
    writeFileSync(file, voter.keystore);
    await chooseFile(page, say("booth.key.fileLabel"), file);
    await tabTo(page, say("booth.key.password"));
    await page.keyboard.type(town.told.password);
    await page.keyboard.press("Enter");
    await page.getByText(say("booth.roll.on")).waitFor();
    await press(page, say("booth.next"));
    await heading(page, "Which tree?");
    await tabTo(page, "Lime");
    await page.keyboard.press("ArrowDown");
    await press(page, say("booth.next"));
    await heading(page, "Which benches?");
    await press(page, "Wood", "Space");
    await press(page, "Iron", "Space");
    await page.keyboard.press("Enter");
    await heading(page, say("booth.review.title"));
    const answers = await page.locator(".given li").allTextContents();
    assert.deepEqual(answers, ["Oak", "Wood", "Iron"]);
    await press(page, say("booth.review.do"));
    await heading(page, say("booth.decide.title"));
    await press(page, say("booth.decide.castDo"));
    await heading(page, say("booth.sent.counted"));
    await page.context().close();
  });

  test("an observer checks a record, and finds a ballot", async () => {
    const { lines }: { lines: string[] } = JSON.parse(
      readFileSync("tests/vectors/records.json", "utf8"),
    );
    const path = `${folder}/good.record`;
    const file = await packed(lines, new Uint8Array(0));
    writeFileSync(path, new Uint8Array(await file.arrayBuffer()));
    const page = await opened("");
    await press(page, say("page.check"));
    await heading(page, say("dash.title"));
    await chooseFile(page, say("dash.form.record"), path);
    await page.locator("#verdict[data-verdict=pass]").waitFor();
    await tabTo(page, say("dash.tracker"));
    await page.keyboard.type("0x12");
    await press(page, say("dash.find"));
    await page.getByText(say("dash.trackerFault")).waitFor();
    await page.context().close();
  });

  test("the first stop skips the header, and another language is chosen", async () => {
    const page = await opened("");
    await press(page, say("page.skip"));
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.localName), "textarea");
    await page.reload();
    for (let count = 0; count < MOST; count++) {
      await page.keyboard.press("Tab");
      if (await page.locator(".language select:focus").count()) break;
    }
    await page.keyboard.type("Deu");
    await page.locator("html[lang=de]").waitFor();
    assert.equal(await page.title(), `${new Words("de").say("page.titleStart")} · Veche`);
    await page.context().close();
  });
});
