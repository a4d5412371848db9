/**
 * The published roll: read from the parts that officials have published (PROTOCOL §3, Roll). The
 * first reading that gives the poll's root is the roll.
 */

import { hex, same } from "../bytes";
import { counted, IncompleteRoll, InvalidRoll } from "../errors";
import type { PollDefinition } from "./definition";
import { type Entry, Roll } from "./roll";

/** Maximum readings whose root is computed, before the newest of all. */
const MAX_READINGS = 16;

/** A part of a roll, as it was published: the place of its first entry, from 0, and its entries. */
export interface Part {
  readonly first: bigint;
  readonly entries: readonly Entry[];
}

/** The roll of a poll, by the first reading that gives its root. */
export function readRoll(parts: Iterable<Part>, poll: PollDefinition): Roll {
  const reading = new Reading(poll.totalWeight);
  let tried = 0;
  for (const part of parts) {
    if (!reading.take(part) || !reading.isWhole || tried++ >= MAX_READINGS) continue;
    const found = rollOf(reading.entries);
    if (found instanceof Roll && same(found.root, poll.rollRoot)) return found;
  }
  return required(reading.entries, poll);
}

function rollOf(entries: readonly Entry[]): Roll | InvalidRoll {
  try {
    return new Roll(entries);
  } catch (error) {
    if (error instanceof InvalidRoll) return error;
    throw error;
  }
}

/** What the parts so far give: from place 0 on, without a gap, up to the total weight. */
class Reading {
  readonly #total: bigint;
  readonly #places = new Map<bigint, Entry>();
  #count = 0n;
  #weight = 0n;

  constructor(total: bigint) {
    this.#total = total;
  }

  get entries(): Entry[] {
    const found: Entry[] = [];
    for (let place = 0n; place < this.#count; place++) found.push(this.#at(place));
    return found;
  }

  get isWhole(): boolean {
    return this.#weight === this.#total;
  }

  #at(place: bigint): Entry {
    return this.#places.get(place) as Entry;
  }

  /** Takes in one more part; whether that gives another reading. */
  take(part: Part): boolean {
    const before = this.#count;
    let isNew = false;
    for (const [offset, entry] of part.entries.entries()) {
      const place = part.first + BigInt(offset);
      const known = place < before ? this.#at(place) : entry;
      if (known[0] !== entry[0] || known[1] !== entry[1]) {
        this.#weight += entry[1] - known[1];
        isNew = true;
      }
      this.#places.set(place, entry);
    }
    this.#end();
    return isNew || this.#count !== before;
  }

  /** Ends at the first entry that reaches the total weight, or before the first gap. */
  #end(): void {
    while (this.#count && this.#weight - this.#last >= this.#total) {
      this.#weight -= this.#last;
      this.#count--;
    }
    while (this.#weight < this.#total && this.#places.has(this.#count)) {
      this.#count++;
      this.#weight += this.#last;
    }
  }

  get #last(): bigint {
    return this.#at(this.#count - 1n)[1];
  }
}

/** The roll of the newest reading. */
function required(entries: readonly Entry[], poll: PollDefinition): Roll {
  if (!entries.length) throw new IncompleteRoll("no entry of the roll is published yet");
  const roll = rollOf(entries);
  if (!(roll instanceof Roll)) {
    throw new IncompleteRoll(`the published entries are not a roll: ${roll.message}`);
  }
  if (same(roll.root, poll.rollRoot)) return roll;
  const said = `${counted(roll.size, "voter")} with weight ${roll.totalWeight}`;
  const roots = `their root is ${hex(roll.root)}, and the poll's is ${hex(poll.rollRoot)}`;
  throw new IncompleteRoll(`the published entries, ${said}, are not the poll's roll: ${roots}`);
}
