/** The town of tests/support/page_town.py: a chain, relays and polls, as real processes. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface TownPoll {
  readonly link: string;
  readonly address: string;
  readonly hash: string;
  /** What opens the page for it. */
  readonly fragment: string;
}

export interface TownVoter {
  readonly address: string;
  readonly key: string;
  /** A keystore that opens at once, with the town's password. */
  readonly keystore: string;
}

export interface Told {
  readonly node: string;
  readonly relay: string;
  /** A node that can lie, and a relay that can play tricks. */
  readonly liar: string;
  readonly proxy: string;
  readonly polls: Readonly<Record<string, TownPoll>>;
  readonly password: string;
  readonly voters: readonly TownVoter[];
  readonly stranger: TownVoter;
  readonly enrolment: string;
  readonly letters: readonly { readonly code: string; readonly fragment: string }[];
}

type Answer = Readonly<Record<string, unknown>>;

export class Town {
  readonly told: Told;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    told: Told,
    process: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
  ) {
    this.told = told;
    this.#process = process;
    this.#lines = lines;
  }

  static async start(): Promise<Town> {
    const started = spawn("python", ["-m", "support.page_town"], {
      env: { ...process.env, PYTHONPATH: "tests" },
    });
    started.stderr.pipe(process.stderr);
    const lines = createInterface(started.stdout)[Symbol.asyncIterator]();
    return new Town((await line(lines)) as unknown as Told, started, lines);
  }

  poll(name: string): TownPoll {
    return this.told.polls[name] as TownPoll;
  }

  voter(at: number): TownVoter {
    return this.told.voters[at] as TownVoter;
  }

  /** Has something done, one after the other. */
  do(deed: string, given: Answer = {}): Promise<Answer> {
    const next = this.#last.then(() => {
      this.#process.stdin.write(`${JSON.stringify({ do: deed, ...given })}\n`);
      return line(this.#lines);
    });
    this.#last = next;
    return next;
  }

  /** Whose ballot counts, by its tracker; null if the voter has none. */
  async tracker(poll: string, voter: TownVoter): Promise<string | null> {
    return (await this.do("tracker", { poll, voter: voter.address }))["tracker"] as string | null;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.stdin.end();
    await ended;
  }
}

async function line(lines: AsyncIterator<string>): Promise<Answer> {
  const { done, value } = await lines.next();
  if (done) throw new Error("the town has ended: see what it said above");
  return JSON.parse(value);
}
