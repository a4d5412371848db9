/** Measures a tab that checks a record of 20,000 ballots: memory, time, requests. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { root } from "./bundle.mjs";

/** Milliseconds between two looks at the memory. */
const EVERY = 200;
/** Milliseconds that checking the record may take. */
const PATIENCE = 1_800_000;

/** Writes a record of an honest poll without a chain, unless there is one. */
export async function makeRecord(path) {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const program =
    "import sys; from pathlib import Path; from tools.bench.observer import save_paper; save_paper(Path(sys.argv[1]))";
  const env = { ...process.env, PYTHONPATH: "tests" };
  execFileSync("python", ["-c", program, path], { cwd: root, env, stdio: "inherit" });
}

/** Bytes of a process, its part of shared pages included; 0 once it has ended. */
async function bytesOf(pid) {
  try {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
    return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Bytes of the process of the tab, in which the page and all its workers run: other tabs are empty. */
async function bytesOfTab(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const tabs = processInfo.filter((each) => each.type === "renderer");
  return Math.max(...(await Promise.all(tabs.map((each) => bytesOf(each.id)))));
}

/**
 * The most bytes that the tab had while it checked a record, the seconds that took, and how many
 * requests went anywhere but to the page's own file.
 */
export async function measureRecord(browser, page, record) {
  const session = await browser.newBrowserCDPSession();
  const tab = await browser.newPage();
  tab.setDefaultTimeout(PATIENCE);
  let requests = 0;
  tab.context().on("request", (each) => {
    if (!/^(file|blob|data):/.test(each.url())) requests++;
  });
  await tab.goto(`${page}#check`);
  const begun = Date.now();
  await tab.locator("#record").setInputFiles(record);
  const verdict = tab.locator("#verdict:not([data-verdict=checking])");
  const done = verdict.getAttribute("data-verdict");
  let [most, isDone] = [0, false];
  const watching = (async () => {
    while (!isDone) {
      most = Math.max(most, await bytesOfTab(session));
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  })();
  const found = await done;
  isDone = true;
  await watching;
  await tab.close();
  if (found !== "pass") throw new Error(`an honest record has the verdict ${found}`);
  return { bytes: most, seconds: (Date.now() - begun) / 1000, requests };
}
