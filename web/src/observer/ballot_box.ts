/** Counts the ballots of a poll again: who cast what when, what was replaced, and all sums. */

import { type Bytes, digitsOf, hex, same } from "../bytes";
import { type Ciphertext, ZERO } from "../crypto/elgamal";
import { counted, type IncompleteRoll, Refused, timeText } from "../errors";
import type { Address } from "../protocol/addresses";
import { type SignedBallot, trackerOfSigned } from "../protocol/ballot";
import { type BlockMark, mayPrecede } from "../protocol/block_mark";
import type { PollDefinition } from "../protocol/definition";
import type { LoggedBallot } from "../protocol/logged_ballot";
import { Roll } from "../protocol/roll";
import { wordOf } from "../protocol/trackers";
import type { Report } from "../trust/report";
import {
  examine,
  type Fault,
  type Findings,
  PROOFS,
  SIGNATURES,
  signedOf,
  TRACKERS,
  weighted,
} from "./ballots";
import type { Cast, Evidence } from "./evidence";

export const MEMBERSHIP = "ballot voters on the roll";
export const BLOCKS = "ballot blocks";
export const TIMES = "ballot times";
export const REPLACEMENTS = "ballot replacements";

/** Ballots that are examined at once. */
const CHUNK = 32;
/** Maximum faults of a kind that a report describes. */
const SHOWN = 3;
/** Minimum replaced ballots that are looked up together, until the end. */
const ASIDE = 1000;

/** Examines ballots somewhere; `width` is how many chunks can wait there at once. */
export interface Examiner {
  readonly width: number;
  examine(poll: PollDefinition, ballots: readonly LoggedBallot[]): Promise<Findings>;
}

/** Examines ballots here. */
export const HERE: Examiner = {
  width: 1,
  examine: (poll, ballots) => Promise.resolve().then(() => examine(poll, ballots)),
};

/** Takes the number of ballots that are done. */
export type Progress = (count: number) => void;

/** How many voters had cast a ballot at a time, in seconds since 1970. */
export interface Growth {
  readonly time: bigint;
  readonly voters: number;
}

interface Counted {
  readonly tracker: Bytes;
  readonly weight: bigint;
}

/** The ballots of a poll, counted in the order in which they were cast. Memory grows with the voters. */
export class BallotBox {
  readonly definition: PollDefinition;
  /** The electoral roll; or what is wrong with it, and then nobody is on it. */
  readonly roll: Roll | IncompleteRoll;
  #sums: Ciphertext[];
  #count = 0;
  readonly #counted = new Map<Address, Counted>();
  #replaced = new Map<string, { voter: Address; tracker: Bytes }>();
  readonly #missing = new Map<string, Bytes>();
  readonly #faults = new Map<string, string[]>();
  readonly #faultCounts = new Map<string, number>();
  #block: BlockMark | null = null;
  readonly #growth: Growth[] = [];

  constructor(definition: PollDefinition, roll: Roll | IncompleteRoll) {
    this.definition = definition;
    this.roll = roll;
    this.#sums = Array<Ciphertext>(definition.questions.choices).fill(ZERO);
  }

  /** For every choice, the sum of the ballots that count, times their weights. */
  get sums(): readonly Ciphertext[] {
    return this.#sums;
  }

  /** How many ballots were cast, including replaced ones. */
  get count(): number {
    return this.#count;
  }

  get voters(): number {
    return this.#counted.size;
  }

  get weight(): bigint {
    return [...this.#counted.values()].reduce((sum, each) => sum + each.weight, 0n);
  }

  /** The tracker of every voter's ballot that counts. */
  get counted(): ReadonlyMap<Address, Counted> {
    return this.#counted;
  }

  /** The turnout over time, by the blocks that hold voters' first ballots. */
  get growth(): readonly Growth[] {
    return this.#growth;
  }

  /** Trackers that others replaced though they did not count; none if a ballot is misnamed. */
  get missing(): readonly Bytes[] {
    return this.#faultCounts.has(TRACKERS) ? [] : [...this.#missing.values()];
  }

  // -- Counting --

  /** Counts all ballots of evidence. */
  async countAll(evidence: Evidence, examiner: Examiner, progress: Progress): Promise<void> {
    const waiting: Promise<Findings>[] = [];
    let chunk: LoggedBallot[] = [];
    const takeOne = async (): Promise<void> => {
      this.#takeIn(await (waiting.shift() as Promise<Findings>));
      progress(this.#count);
    };
    const give = async (): Promise<void> => {
      const given = examiner.examine(this.definition, chunk);
      given.catch(() => undefined); // it is thrown where it is taken in
      waiting.push(given);
      chunk = [];
      if (waiting.length > examiner.width) await takeOne();
      if (this.#replaced.size > Math.max(ASIDE, this.voters)) await this.#takeOut(evidence);
    };
    for await (const cast of evidence.ballots()) {
      this.#note(cast, evidence.mark());
      chunk.push(cast.logged);
      if (chunk.length === CHUNK) await give();
    }
    if (chunk.length) await give();
    while (waiting.length) await takeOne();
    await this.#takeOut(evidence);
  }

  #note({ logged, block }: Cast, last: BlockMark): void {
    this.#count++;
    this.#noteVoter(logged);
    this.#noteBlock(logged, block, last);
    this.#noteTime(logged, block.time);
    this.#noteReplacement(logged);
    this.#noteGrowth(block.time);
  }

  #noteVoter({ voter, weight, tracker }: LoggedBallot): void {
    const own = this.roll instanceof Roll ? this.roll.weight(voter) : 0n;
    if (weight === own && own > 0n) return;
    this.#fault(MEMBERSHIP, tracker, `${voter} has weight ${own} on the roll, not ${weight}`);
  }

  #noteBlock({ tracker }: LoggedBallot, block: BlockMark, last: BlockMark): void {
    const before = this.#block ?? block;
    this.#block = block;
    for (const [one, later] of [
      [before, block],
      [block, last],
    ] as const) {
      if (mayPrecede(one, later)) continue;
      const [said, other] = [one, later].map((each) => `block ${each.number} at ${each.time}`);
      this.#fault(BLOCKS, tracker, `${said} cannot come before ${other}, or is not the same`);
    }
  }

  #noteTime({ tracker, deadline }: LoggedBallot, time: bigint): void {
    const { opens, closes } = this.definition;
    if (!(opens <= time && time < closes)) {
      this.#fault(TIMES, tracker, `cast at ${timeText(time)}, when the poll was not open`);
    }
    if (time > deadline)
      this.#fault(TIMES, tracker, `cast at ${timeText(time)}, after its deadline`);
  }

  #noteReplacement({ voter, tracker, weight, replaces }: LoggedBallot): void {
    const before = this.#counted.get(voter) ?? null;
    const [said, expected] = [wordOf(replaces), wordOf(before?.tracker ?? null)];
    const isSame = (replaces === null) === (before === null) && same(said, expected);
    if (!isSame) {
      this.#fault(REPLACEMENTS, tracker, `it replaces ${hex(said)}, but ${hex(expected)} counted`);
      if (replaces) this.#missing.set(voter + digitsOf(replaces), replaces);
    }
    if (before) {
      const replaced = { voter, tracker: before.tracker };
      this.#replaced.set(voter + digitsOf(before.tracker), replaced);
    }
    this.#counted.set(voter, { tracker, weight });
  }

  #noteGrowth(time: bigint): void {
    const last = this.#growth.at(-1);
    if (last?.voters === this.voters) return;
    if (last?.time === time) this.#growth.pop();
    this.#growth.push({ time, voters: this.voters });
  }

  #takeIn(findings: Findings): void {
    for (const each of findings.faults) this.#fault(each.check, each.tracker, each.reason);
    this.#add(findings.sums);
  }

  #add(more: readonly Ciphertext[]): void {
    this.#sums = this.#sums.map((each, at) => each.plus(more[at] as Ciphertext));
  }

  /** Looks up the ballots that were replaced, and takes them out of the sums. */
  async #takeOut(evidence: Evidence): Promise<void> {
    if (!this.#replaced.size) return;
    const left = this.#replaced;
    this.#replaced = new Map();
    for await (const logged of evidence.find([...left.values()])) {
      const name = logged.voter + digitsOf(logged.tracker);
      const signed = left.has(name) ? this.#signed(logged) : null;
      if (!signed) continue;
      left.delete(name);
      this.#add(weighted(signed, -signed.weight));
    }
    for (const { voter, tracker } of left.values()) {
      this.#fault(REPLACEMENTS, tracker, `${voter} replaced it, but it cannot be found`);
    }
  }

  /** A ballot as its voter signed it; null if its ciphertexts do not give its tracker. */
  #signed(logged: LoggedBallot): SignedBallot | null {
    try {
      const signed = signedOf(logged, this.definition);
      return same(trackerOfSigned(signed, this.definition.hash), logged.tracker) ? signed : null;
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  // -- Faults --

  #fault(check: string, tracker: Bytes, reason: Fault["reason"]): void {
    const count = (this.#faultCounts.get(check) ?? 0) + 1;
    this.#faultCounts.set(check, count);
    if (count > SHOWN) return;
    const described = this.#faults.get(check) ?? [];
    this.#faults.set(check, [...described, `ballot ${hex(tracker)}: ${reason}`]);
  }

  /** Adds to a report a check for every kind of fault. */
  report(report: Report): void {
    for (const check of [MEMBERSHIP, BLOCKS, TIMES, REPLACEMENTS, TRACKERS, SIGNATURES, PROOFS]) {
      const count = this.#faultCounts.get(check) ?? 0;
      const more = count > SHOWN ? `; and ${count - SHOWN} more` : "";
      const fault = (this.#faults.get(check) ?? []).join("; ") + more;
      report.add(check, fault, counted(this.#count, "ballot"));
    }
  }
}
