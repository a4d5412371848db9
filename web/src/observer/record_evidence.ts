/** Evidence from an election record; no node is needed. */

import { type Bytes, hex, same } from "../bytes";
import { InvalidDocument, known } from "../errors";
import type { BlockMark } from "../protocol/block_mark";
import type { PollDefinition } from "../protocol/definition";
import { parse } from "../protocol/json";
import { compressed, type LoggedBallot } from "../protocol/logged_ballot";
import { Form } from "../protocol/plain";
import type { Part } from "../protocol/published_roll";
import type { Entry } from "../protocol/roll";
import type { Ceremony } from "../trust/ceremony";
import type { Provenance } from "../trust/provenance";
import type { Cast, Evidence, Named, PollState, PostedShare } from "./evidence";
import { readLines } from "./record_file";
import type { Line, WithHash } from "./record_parts";
import * as parts from "./record_parts";

/** Number of lines before the roll and the ballots. */
const HEAD = 6;

/** What the first lines of a record say. */
interface Head {
  readonly mark: BlockMark;
  readonly provenance: Provenance;
  readonly ceremony: Ceremony;
  readonly definition: WithHash<PollDefinition>;
  readonly state: WithHash<PollState>;
  readonly shares: readonly PostedShare[];
}

/**
 * The public data of a poll, as an election record has them. A line is accepted only if a record of
 * what was read in it has the same line, to the byte. Whoever takes all `ballots` has read the whole
 * file.
 */
export class RecordEvidence implements Evidence {
  readonly isRecord = true;
  readonly #file: Blob;
  readonly #head: Head;
  #behindRoll = 0;

  private constructor(file: Blob, head: Head) {
    this.#file = file;
    this.#head = head;
  }

  /** Opens a record: its first lines must be those of one. */
  static async open(file: Blob): Promise<RecordEvidence> {
    const lines: string[] = [];
    for await (const line of readLines(file)) {
      lines.push(line);
      if (lines.length === HEAD) break;
    }
    const at = <T>(number: number, line: Line<T>): T =>
      readLine(number, lines[number - 1] ?? "", line);
    const head = {
      mark: at(1, parts.header),
      provenance: at(2, parts.provenance),
      ceremony: at(3, parts.ceremony),
      definition: at(4, parts.definition),
      state: at(5, parts.state),
      shares: at(6, parts.shares),
    };
    return new RecordEvidence(file, head);
  }

  mark(): BlockMark {
    return this.#head.mark;
  }

  provenance = (): Provenance => this.#head.provenance;
  ceremony = (): Ceremony => this.#head.ceremony;
  definition = (): PollDefinition => this.#head.definition[0];

  /** The record has it twice; if one of them is wrong, it is that one. */
  pollHash = (): Bytes => {
    const own = this.definition().hash;
    const said = [this.#head.definition[1], this.#head.state[1]];
    return said.find((each) => !same(each, own)) ?? own;
  };

  state(): PollState {
    return this.#head.state[0];
  }

  shares(): readonly PostedShare[] {
    return this.#head.shares;
  }

  proofs(): null {
    return null;
  }

  // -- Long lists --

  /** The electoral roll, in one part. */
  async rollParts(): Promise<Part[]> {
    const entries: Entry[] = [];
    let isLast = false;
    this.#behindRoll = HEAD + 1;
    for await (const [number, line] of this.#lines(HEAD + 1)) {
      if (!line.startsWith(parts.ROLL)) break;
      const more = readLine(number, line, parts.roll);
      if (isLast || !more.length) throw malformed(number, "the roll's line before it is not full");
      isLast = more.length < parts.ROLL_LINE;
      for (const each of more) entries.push(each);
      this.#behindRoll = number + 1;
    }
    const before = entries.slice(0, -1).reduce((sum, [, weight]) => sum + weight, 0n);
    if (entries.length && before >= this.definition().totalWeight) {
      throw malformed(this.#behindRoll - 1, "the roll goes on behind its total weight");
    }
    return [{ first: 0n, entries }];
  }

  async *ballots(): AsyncGenerator<Cast> {
    if (!this.#behindRoll) await this.rollParts();
    const { questions } = this.definition();
    const ballot = parts.ballot(questions);
    for await (const [number, line] of this.#lines(this.#behindRoll)) {
      const cast = readLine(number, line, ballot);
      if (!cast.logged.isCompressed && compressed(cast.logged, questions)) {
        throw malformed(number, "a ballot that can be read has points and scalars, and no words");
      }
      yield cast;
    }
  }

  async *find(wanted: readonly Named[]): AsyncGenerator<LoggedBallot> {
    const left = new Set(wanted.map(({ voter, tracker }) => (voter ?? "") + hex(tracker)));
    const texts = new Set(wanted.map(({ tracker }) => hex(tracker)));
    const ballot = parts.ballot(this.definition().questions);
    for await (const [number, line] of this.#lines(this.#behindRoll)) {
      if (!texts.has(line.slice(TRACKER, TRACKER + 66))) continue;
      const { logged } = readLine(number, line, ballot);
      const name = hex(logged.tracker);
      if (left.has(logged.voter + name) || left.has(name)) yield logged;
    }
  }

  /** The lines from the first one that is wanted, with their numbers, from 1. */
  async *#lines(first: number): AsyncGenerator<[number, string]> {
    let number = 0;
    for await (const line of readLines(this.#file)) {
      if (++number >= first) yield [number, line];
    }
  }
}

/** Where the tracker stands in the line of a ballot. */
const TRACKER = 75;

/** What a line says, if it would be written like that. */
function readLine<T>(number: number, line: string, { read, write }: Line<T>): T {
  let found: T;
  try {
    found = read(new Form(parse(line), "record"));
  } catch (error) {
    throw malformed(number, known(error).message);
  }
  if (write(found) === line) return found;
  throw malformed(number, "a record of the same data has another line");
}

const malformed = (number: number, reason: string): InvalidDocument =>
  new InvalidDocument(`line ${number}: ${reason}`);
