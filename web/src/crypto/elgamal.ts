/** Exponential ElGamal: a score m is encrypted as (A, B) = (r·G, r·Y + m·G) (PROTOCOL §3). */

import { FixedBase, INFINITY, modN, Point, type Secret, timesG } from "./group";
import type { Pair } from "./transcript";

/** An encrypted score, or a sum of them. */
export class Ciphertext {
  readonly a: Point;
  readonly b: Point;

  constructor(a: Point, b: Point) {
    this.a = a;
    this.b = b;
  }

  get pair(): Pair {
    return [this.a, this.b];
  }

  plus(other: Ciphertext): Ciphertext {
    return new Ciphertext(this.a.plus(other.a), this.b.plus(other.b));
  }

  /** A ciphertext of the score times the weight. A negative weight takes it out of a sum. */
  times(weight: bigint): Ciphertext {
    if (weight === 1n) return this;
    if (weight === -1n) return new Ciphertext(this.a.opposite(), this.b.opposite());
    const factor = modN(weight);
    return new Ciphertext(this.a.times(factor), this.b.times(factor));
  }

  equals(other: Ciphertext): boolean {
    return this.a.equals(other.a) && this.b.equals(other.b);
  }
}

/** The sum of no ciphertexts. */
export const ZERO = new Ciphertext(INFINITY, INFINITY);

/** The ciphertext of a score, with randomness that is used for this one only. */
export function encrypt(key: Point, score: number, r: Secret): Ciphertext {
  // (m + 1)·G − G: a score of 0 takes the steps of any other
  const shifted = FixedBase.of(key)
    .times(r)
    .plus(timesG(BigInt(score + 1)));
  return new Ciphertext(timesG(r), shifted.minus(timesG(1n)));
}

export const total = (ciphertexts: readonly Ciphertext[]): Ciphertext =>
  new Ciphertext(
    Point.sum(ciphertexts.map((each) => each.a)),
    Point.sum(ciphertexts.map((each) => each.b)),
  );
