/** The vectors, for a browser: the test that drives it calls this. */

import { testsOf } from "./vectors";

declare global {
  /** The failures of a vector file, and how many tests it has. */
  var runVectors: (name: string, text: string) => Promise<{ count: number; failures: string[] }>;
}

globalThis.runVectors = async (name, text) => {
  const failures: string[] = [];
  const tests = testsOf(name, text);
  for (const [title, run] of tests) {
    try {
      await run();
    } catch (error) {
      failures.push(`${title}: ${error}`);
    }
  }
  return { count: tests.length, failures };
};
