/** Debian's Chromium, as the tests drive it. */

import { resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Milliseconds for what takes a second on an idle machine. */
export const PATIENCE = 300_000;

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"], // tests also run as root
    timeout: PATIENCE,
  });

/** The page from disk; another one is for who builds it. */
export const PAGE = `file://${resolve(process.env["PAGE"] ?? "app/veche/web/index.html")}`;
