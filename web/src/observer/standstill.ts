/** Whether blocks still come: a node that shows no new block hides what happens to a poll. */

import type { Node } from "../chain/node";
import { NodeStandsStill, timeText } from "../errors";
import type { BlockMark } from "../protocol/block_mark";

/** Number of blocks that are missing when a chain seems to stand still. */
const BLOCKS = 5;
/** Maximum gaps between blocks that show how fast blocks come. */
const GAPS = 9n;
/** Seconds from block to block, at least and at most: a node could show blocks that are years apart. */
const [LEAST, MOST] = [1, 120];

/** The usual seconds from block to block, by the times of successive blocks. */
export function usualGap(times: readonly bigint[]): number {
  const gaps = times
    .slice(1)
    .map((each, at) => Number(each - (times[at] as bigint)))
    .sort((one, other) => one - other);
  const median = gaps[(gaps.length - 1) >> 1] ?? LEAST;
  return Math.min(MOST, Math.max(LEAST, median));
}

/** The usual seconds from block to block, by a node's newest blocks. */
export async function blockTime(node: Node): Promise<number> {
  const newest = (await node.block()).number;
  const first = newest > GAPS ? newest - GAPS : 0n;
  const numbers = Array.from({ length: Number(newest - first) + 1 }, (_, at) => first + BigInt(at));
  return usualGap(
    (await Promise.all(numbers.map((each) => node.block(each)))).map((each) => each.time),
  );
}

/** Seconds without a new block after which a chain seems to stand still. */
export const patience = (every: number, blockTimes: readonly number[]): number =>
  BLOCKS * Math.max(every, ...blockTimes);

/** Notices if no new block comes. All times are in seconds. */
export class Standstill {
  readonly #names: string;
  readonly #patience: number;
  #last: BlockMark | null = null;
  #closes: bigint | null = null;
  #since: number | null = null;

  constructor(names: string, patience: number) {
    this.#names = names;
    this.#patience = patience;
  }

  /** Notes a new block, at `now` by a clock that only this page knows. */
  move(block: BlockMark, closes: bigint | null, now: number): void {
    [this.#last, this.#closes, this.#since] = [block, closes, now];
  }

  /**
   * How long no new block has come, if that is too long; otherwise null. Throws once the poll has
   * closed by the clock of this device, `time` since 1970, and as much time has passed again.
   */
  notice(now: number, time: number): number | null {
    this.#since ??= now;
    const still = now - this.#since;
    if (still <= this.#patience) return null;
    if (this.#closes !== null && time > Number(this.#closes) + this.#patience) {
      const after = this.#last ? ` after block ${this.#last.number}` : "";
      const said = `${this.#names} has shown no block${after} for ${Math.floor(still)} seconds`;
      throw new NodeStandsStill(`${said}, and the poll closed at ${timeText(this.#closes)}`);
    }
    return still;
  }
}
