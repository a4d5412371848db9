/**
 * Measures the page, into build/page.json: node web/bench.mjs. What axe finds is taken from the last
 * run of the tests.
 */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { bundled, root } from "./bundle.mjs";
import { makeRecord, measureRecord } from "./memory.mjs";

/** What each figure is at most. */
const BOUNDS = {
  kb: 100,
  requests: 0,
  interactive_s: 2,
  prepare5_ms: 40,
  prepare60_ms: 500,
  verify_ratio: 10,
  mb_20000: 500,
  axe: 0,
};
/** How many times slower than here the processor of a reader's device is. */
const SLOWER = 4;

/** What Python takes to verify a ballot of five, in milliseconds: the shortest of many. */
const PYTHON = `
from time import perf_counter
from veche.crypto import ballot_proof
from veche.crypto.group import G, Scalar
from veche.crypto.questions import Questions
key, tracker, asked = G * Scalar(123456789), bytes([6]) * 32, Questions.of((5, 1, 1, 1))
made, opening = ballot_proof.encrypt([0, 0, 1, 0, 0], questions=asked, key=key, place=bytes(32))
ballot = ballot_proof.prove(made, opening, questions=asked, key=key, tracker=tracker)
found = []
for _ in range(300):
    begun = perf_counter()
    ballot_proof.verify(ballot, questions=asked, key=key, tracker=tracker)
    found.append(perf_counter() - begun)
print(min(found) * 1000)
`;

const PAGE = `${root}app/veche/web/index.html`;
/** Written by tests/accessibility.test.ts. */
const AXE = `${root}build/axe.json`;
const RECORD = `${root}build/20000.record`;
const page = await readFile(PAGE);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: 300_000 });
const script = await bundled("tests/measure.ts", { format: "iife", minify: true });

/** Runs a measure of tests/measure.ts on a page that is cold: in a process of its own. */
async function measured(name, argument) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.evaluate(script);
  const found = await tab.evaluate(([own, given]) => globalThis[own](given), [name, argument]);
  await context.close();
  return found;
}

/** The shortest first ballot of several cold pages. */
async function shortestFirst(getsReady) {
  const found = [];
  for (let count = 0; count < 5; count++) found.push(await measured("measureFirst", getsReady));
  return found.sort((one, other) => one.first - other.first)[0];
}

/** Tells when the page first had something to press, and time to react to it. */
function noteInteractive() {
  const observer = new MutationObserver(() => {
    if (!document.querySelector("main button")) return;
    observer.disconnect();
    requestAnimationFrame(() =>
      setTimeout(() => {
        globalThis.interactive = performance.now() / 1000;
      }),
    );
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** The seconds until the page reacts, on a device that is slower; the shortest of several. */
async function interactive() {
  const found = [];
  for (let count = 0; count < 5; count++) {
    const tab = await browser.newPage();
    const session = await tab.context().newCDPSession(tab);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await tab.addInitScript(noteInteractive);
    await tab.goto(`file://${PAGE}`);
    await tab.waitForFunction(() => globalThis.interactive !== undefined);
    found.push(await tab.evaluate(() => globalThis.interactive));
    await tab.close();
  }
  return Math.min(...found);
}

/** What checking a record of 20,000 ballots takes. */
async function checkedRecord() {
  await makeRecord(RECORD);
  const own = await chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: 300_000 });
  const found = await measureRecord(own, `file://${PAGE}`, RECORD);
  await own.close();
  return found;
}

const [cold, ready] = [await shortestFirst(false), await shortestFirst(true)];
const warm = await measured("measure");
const reacts = await interactive();
await browser.close();
const record = await checkedRecord();
const python = Number(execFileSync("python", ["-c", PYTHON], { encoding: "utf8" }));
const figures = {
  kb: Math.round(gzipSync(page, { level: 9 }).length / 100) / 10,
  first5_ms: cold.first,
  ready_ms: ready.ready,
  first5_ready_ms: ready.first,
  prepare5_ms: warm.prepare5,
  prepare60_ms: warm.prepare60,
  verify5_ms: warm.verify5,
  verify_ratio: Math.round((10 * warm.verify5) / python) / 10,
  interactive_s: Math.round(100 * reacts) / 100,
  mb_20000: Math.round(record.bytes / 1e6),
  s_20000: Math.round(record.seconds),
  requests: record.requests,
  axe: existsSync(AXE)
    ? JSON.parse(await readFile(AXE, "utf8")).axe
    : "not measured: make test-page",
};
const text = `${JSON.stringify(figures, null, 1)}\n`;
await mkdir(`${root}build`, { recursive: true });
await writeFile(`${root}build/page.json`, text);
process.stdout.write(text);
for (const [name, most] of Object.entries(BOUNDS)) {
  if (figures[name] <= most) continue;
  process.stderr.write(`${name} is ${figures[name]}, and may be ${most} at most\n`);
  process.exitCode = 1;
}
