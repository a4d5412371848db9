/** Debian's Chromium, as the tests drive it. */

import { type Browser, chromium } from "playwright-core";
import { ownFolder } from "./folders";

/** Milliseconds for what takes a second on an idle machine. */
export const PATIENCE = 300_000;

/** A host whose pages a browser does not take for this machine's. */
export const PLAIN = "plain.example";

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    // tests also run as root; and pages from this host are over plain HTTP, for the browser too
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${PLAIN} 127.0.0.1`],
    env: { ...process.env, TMPDIR: ownFolder("chromium") }, // it leaves folders if it is interrupted
    timeout: PATIENCE,
  });
