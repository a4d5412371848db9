/**
 * Finds the score m in a point M = m·G, by baby steps and giant steps (PROTOCOL §4). A table has the
 * multiples j·G for j = 1..w by their x; as j·G and −j·G share it, a giant step looks at 2w + 1
 * scores at once.
 */

import { DiscreteLogNotFound } from "../errors";
import { Point, timesG } from "./group";

/** Maximum entries of a table. */
const MAX_TABLE = 1 << 18;
const BATCH = 512;

export class DiscreteLogTable {
  readonly #bound: bigint;
  readonly #table = new Map<bigint, number>();

  /** Finds scores in 0..bound. */
  constructor(bound: bigint) {
    this.#bound = bound;
    const best = Math.floor(Math.sqrt(Number(bound) / 2));
    const width = Math.max(1, Math.min(MAX_TABLE, best));
    for (const [at, each] of steps(timesG(1n), timesG(1n), width)) this.#table.set(each.x, at + 1);
  }

  /** The score m with M = m·G. */
  find(point: Point): bigint {
    const width = BigInt(this.#table.size);
    const stride = 2n * width + 1n;
    const count = Number(this.#bound / stride + 1n);
    // at step i the point is M − (w + i·stride)·G
    const start = point.minus(timesG(width));
    for (const [step, each] of steps(start, timesG(stride).opposite(), count)) {
      const middle = width + BigInt(step) * stride;
      for (const score of this.#candidates(middle, each)) {
        if (score >= 0n && score <= this.#bound && timesG(score).equals(point)) return score;
      }
    }
    throw new DiscreteLogNotFound(this.#bound);
  }

  #candidates(middle: bigint, remainder: Point): bigint[] {
    if (remainder.isInfinity) return [middle];
    const offset = this.#table.get(remainder.x);
    return offset === undefined ? [] : [middle + BigInt(offset), middle - BigInt(offset)];
  }
}

/** The points first, first + more, …, with their places from 0, settled in batches. */
function* steps(first: Point, more: Point, count: number): Generator<[number, Point]> {
  let next = first;
  for (let done = 0; done < count; done += BATCH) {
    const batch: Point[] = [];
    while (batch.length < Math.min(BATCH, count - done)) {
      batch.push(next);
      next = next.plus(more);
    }
    Point.settle(batch);
    yield* batch.map((each, at): [number, Point] => [done + at, each]);
  }
}
