/** Folders for what a test writes. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

/** A new folder, which is gone when this process ends, whatever became of its tests. */
export function ownFolder(name: string): string {
  const folder = mkdtempSync(`${tmpdir()}/veche-${name}-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));
  return folder;
}
