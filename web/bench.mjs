/** Measures the page, into build/page.json: node web/bench.mjs. */

import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { bundled, root } from "./bundle.mjs";

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

const page = await readFile(`${root}app/veche/web/index.html`);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: 300_000 });
const tab = await browser.newPage();
await tab.evaluate(await bundled("tests/measure.ts", { format: "iife", minify: true }));
const measured = await tab.evaluate(() => globalThis.measure());
await browser.close();
const python = Number(execFileSync("python", ["-c", PYTHON], { encoding: "utf8" }));
const figures = {
  kb: Math.round(gzipSync(page, { level: 9 }).length / 100) / 10,
  first5_ms: measured.first,
  prepare5_ms: measured.prepare5,
  prepare60_ms: measured.prepare60,
  verify5_ms: measured.verify5,
  verify_ratio: Math.round((10 * measured.verify5) / python) / 10,
};
const text = `${JSON.stringify(figures, null, 1)}\n`;
await mkdir(`${root}build`, { recursive: true });
await writeFile(`${root}build/page.json`, text);
process.stdout.write(text);
