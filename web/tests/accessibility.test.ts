/** Every screen in every language, by axe; small, large, dark and from right to left. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type Entry, LANGUAGES } from "../src/ui/catalogues";
import { launch } from "./browser";
import { Walk } from "./screens";
import { Town } from "./town";

const AXE = readFileSync(
  createRequire(resolve("package.json")).resolve("axe-core/axe.min.js"),
  "utf8",
);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const FOLDER = "build/web";
/** What the bench tells of axe. */
const FIGURE = "build/axe.json";
/** A language that is written from right to left, made of English. */
const PSEUDO = "he";
const WIDE = { width: 1100, height: 800 };

/** English in Hebrew letters; placeholders stay. */
function pseudo(text: string): string {
  const letters = (part: string): string =>
    part.replace(/[a-z]/gi, (each) => String.fromCharCode(0x5d0 + (each.charCodeAt(0) % 27)));
  return text
    .split(/(\{\w+\})/)
    .map((part, at) => (at % 2 ? part : letters(part)))
    .join("");
}

/** Builds the page with the pseudo language, as a file. */
function builtWithPseudo(): string {
  const english: Record<string, Entry> = JSON.parse(
    readFileSync("web/src/languages/en.json", "utf8"),
  );
  const made = Object.fromEntries(
    Object.entries(english).map(([key, entry]) => [
      key,
      typeof entry === "string" ? pseudo(entry) : { other: pseudo(entry.other ?? "") },
    ]),
  );
  made["language.direction"] = "rtl";
  writeFileSync(`${FOLDER}/${PSEUDO}.json`, JSON.stringify(made));
  const page = `${FOLDER}/with_pseudo.html`;
  execFileSync("node", ["web/build.mjs", page, `${FOLDER}/${PSEUDO}.json`]);
  return `file://${resolve(page)}`;
}

async function choose(page: Page, language: string): Promise<void> {
  await page.locator(".language select").selectOption(language);
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** What axe finds wrong, one line for each. Contrast is slow, and the same in every language. */
async function violations(page: Page, contrast: "only" | "too" | "no"): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const all = { type: "tag", values: RULES };
  const options = {
    resultTypes: ["violations"],
    runOnly: contrast === "only" ? { type: "rule", values: ["color-contrast"] } : all,
    rules: contrast === "no" ? { "color-contrast": { enabled: false } } : {},
  };
  const found = await page.evaluate(
    (given) => (globalThis as unknown as { axe: Axe }).axe.run(document, given),
    options,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}

interface Axe {
  run(of: Document, options: unknown): Promise<{ readonly violations: readonly Violation[] }>;
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What is wider than the window, or smaller than a finger. */
async function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.querySelectorAll("main *, header *")].filter((each) => {
        const { left, right } = each.getBoundingClientRect();
        return (right > clientWidth + 1 || left < -1) && !each.closest(".unseen, .scroll, .skip");
      });
      found.push(
        `${scrollWidth} of ${clientWidth}: ${wide
          .map((each) => each.outerHTML.slice(0, 90))
          .slice(0, 3)
          .join(" … ")}`,
      );
    }
    const targets =
      "button, select, textarea, summary, input:not([type=radio], [type=checkbox]), .button, header a";
    for (const each of document.querySelectorAll(targets)) {
      const { height } = each.getBoundingClientRect();
      if (height > 1 && height < 43.5 && !each.matches(".skip"))
        found.push(`${height} high: ${each.outerHTML.slice(0, 90)}`);
    }
    return found;
  });
}

describe("every screen", () => {
  let browser: Browser;
  let town: Town;
  before(async () => {
    [browser, town] = await Promise.all([launch(), Town.start()]);
  });
  after(() => Promise.all([browser.close(), town.end()]));

  test("is good for everybody, in every language, small, large and dark", async () => {
    const found: string[] = [];
    let axe = 0;
    const seen = new Set<string>();
    const told = (of: string, faults: readonly string[]): void => {
      for (const each of faults) found.push(`${of}: ${each}`);
    };
    const look = async (name: string, page: Page): Promise<void> => {
      assert.ok(!seen.has(name), name);
      seen.add(name);
      await page.setViewportSize(WIDE);
      for (const language of [...LANGUAGES, PSEUDO]) {
        await choose(page, language);
        const own = await violations(page, language === "en" ? "too" : "no");
        axe += own.length;
        told(`${name} in ${language}`, own);
        await page.setViewportSize({ width: 320, height: 640 });
        told(`${name} in ${language}, 320 px wide`, await misfits(page));
        await page.setViewportSize({ width: 640, height: 800 });
        await page.evaluate(() => document.documentElement.style.setProperty("font-size", "225%"));
        told(`${name} in ${language}, 200 % text`, await misfits(page));
        await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
        await page.setViewportSize(WIDE);
      }
      await choose(page, "en");
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await violations(page, "only");
      axe += dark.length;
      told(`${name}, dark`, dark);
      await page.emulateMedia({ colorScheme: null, reducedMotion: "reduce" });
      told(`${name}, still`, await movements(page));
      await page.emulateMedia({ reducedMotion: null });
    };
    await new Walk(browser, town, builtWithPseudo(), look).everywhere();
    writeFileSync(FIGURE, JSON.stringify({ axe, screens: seen.size }));
    assert.deepEqual(found, []);
    assert.ok(seen.size > 30);
  });
});

/** What moves by a style. */
function movements(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((each) => {
        const { transitionDuration, animationName } = getComputedStyle(each);
        return animationName !== "none" || /[1-9]/.test(transitionDuration);
      })
      .map((each) => each.outerHTML.slice(0, 90)),
  );
}
