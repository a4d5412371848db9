/** Takes a picture of every screen into a folder: node build/web/pictures.mjs FOLDER. */

import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { launch } from "./browser";
import { Walk } from "./screens";
import { Town } from "./town";

const [folder = "docs/pictures"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const PAGE = `file://${resolve("app/veche/web/index.html")}`;
const WIDTH = 720;
/** Pixels from top to bottom at most: what is below is much of the same. */
const TALLEST = 1000;

async function look(name: string, page: Page): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: 600 });
  const height = await page.evaluate(() => {
    scrollTo(0, 0);
    return document.documentElement.scrollHeight;
  });
  await page.setViewportSize({ width: WIDTH, height: Math.min(height, TALLEST) });
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 45 });
  writeFileSync(`${folder}/${name}.webp`, Buffer.from(data, "base64"));
}

const [browser, town] = await Promise.all([launch(), Town.start()]);
await new Walk(browser, town, PAGE, look).everywhere();
await Promise.all([browser.close(), town.end()]);
