/** Reports: named checks, each with its verdict and the reason. */

import { ChecksFailed, InvalidDocument, known, NodeError } from "../errors";

export type Verdict = "pass" | "fail" | "pending";

export interface Check {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was found, or what is wrong. */
  readonly detail: string;
}

/** Named checks, in the order in which they were made. */
export class Report {
  readonly #checks: Check[] = [];
  readonly #onCheck: (check: Check) => void;

  constructor(onCheck: (check: Check) => void = () => undefined) {
    this.#onCheck = onCheck;
  }

  get checks(): readonly Check[] {
    return this.#checks;
  }

  #add(check: Check): void {
    this.#checks.push(check);
    this.#onCheck(check);
  }

  /** Adds a check that failed if there is a fault, and passed otherwise. */
  add(name: string, fault: string, detail: string): void {
    if (fault) this.failed(name, fault);
    else this.passed(name, detail);
  }

  passed(name: string, detail: string): void {
    this.#add({ name, verdict: "pass", detail });
  }

  failed(name: string, detail: string): void {
    this.#add({ name, verdict: "fail", detail });
  }

  /** Adds a check that cannot be made yet. */
  pending(name: string, detail: string): void {
    this.#add({ name, verdict: "pending", detail });
  }

  /**
   * What is read; null, with a failed check of this name, if it is malformed. A node that was lost
   * and a record that is malformed give no verdict: their errors are thrown on.
   */
  async reading<T>(name: string, read: () => T | Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (caught) {
      const error = known(caught);
      if (error instanceof NodeError || error instanceof InvalidDocument) throw error;
      this.failed(name, `cannot be read: ${error.message}`);
      return null;
    }
  }

  /** Fail if any check failed; otherwise pending if any check is pending; otherwise pass. */
  get verdict(): Verdict {
    const found = new Set(this.#checks.map((each) => each.verdict));
    return found.has("fail") ? "fail" : found.has("pending") ? "pending" : "pass";
  }

  /** Refuses to go on if a check failed. */
  require(): void {
    const failed = this.#checks.filter((each) => each.verdict === "fail");
    if (failed.length) throw new ChecksFailed(failed.map((each) => `${each.name}: ${each.detail}`));
  }
}

/** The message of the error that a check throws; empty if it throws none. */
export function faultIn(check: () => void): string {
  try {
    check();
    return "";
  } catch (error) {
    return known(error).message;
  }
}
