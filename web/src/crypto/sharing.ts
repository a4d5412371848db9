/** Secret sharing: polynomials, their commitments, sealed shares, combination (PROTOCOL §2, §4). */

import { type Bytes, bytesOfNumber, numberOf } from "../bytes";
import { InvalidQuorum, InvalidShare, InvalidThreshold } from "../errors";
import { INFINITY, inverseOf, modN, N, Point, type Scalar, Secret, timesG } from "./group";
import { type Entropy, randomSecret, SYSTEM } from "./sigma";
import * as transcript from "./transcript";

export const MAX_TRUSTEES = 16;

/** Refuses thresholds with which one trustee, or either of two disjoint quorums, could decrypt. */
export function requireThreshold(threshold: bigint | number, trustees: number): void {
  const t = BigInt(threshold);
  const isPossible = t >= 2n && t <= trustees && trustees <= MAX_TRUSTEES;
  if (!isPossible || 2n * t <= trustees) throw new InvalidThreshold(threshold, trustees);
}

/** A dealer's secret polynomial f of degree t-1, with coefficients a_0 … a_{t-1}. */
export class Polynomial {
  readonly #coefficients: readonly Secret[];

  constructor(coefficients: readonly Secret[]) {
    this.#coefficients = coefficients;
  }

  /** A fresh polynomial, none of whose shares is 0. */
  static random(threshold: number, trustees: number, entropy: Entropy = SYSTEM): Polynomial {
    requireThreshold(threshold, trustees);
    for (;;) {
      const drawn = new Polynomial(Array.from({ length: threshold }, () => randomSecret(entropy)));
      const indices = Array.from({ length: trustees }, (_, at) => at + 1);
      if (indices.every((index) => drawn.evaluate(index))) return drawn;
    }
  }

  /** a_0, the dealer's part of the key. */
  get secret(): Secret {
    return this.#coefficients[0] as Secret;
  }

  /** f(index). */
  evaluate(index: number): Scalar {
    return this.#coefficients.reduceRight(
      (sum, each) => modN(sum * BigInt(index) + each.reveal()),
      0n,
    );
  }

  /** The share of the trustee with this index, from 1. */
  share(index: number): Secret {
    return new Secret(this.evaluate(index), `share ${index}`);
  }

  /** C_0 … C_{t-1}. */
  commitments(): Point[] {
    return this.#coefficients.map(timesG);
  }
}

/** Σ_k index^k·C_k, which must equal G times the share of the trustee with this index. */
export const committed = (commitments: readonly Point[], index: number): Point =>
  commitments.reduceRight((sum, each) => sum.times(BigInt(index)).plus(each), INFINITY);

/** The encryption key Y of a board, from the commitments of all deals. */
export const encryptionKey = (deals: readonly (readonly Point[])[]): Point =>
  Point.sum(deals.map((commitments) => commitments[0] ?? INFINITY));

/** The verification key V of a trustee. Commitments of one degree are added up first. */
export function verificationKey(deals: readonly (readonly Point[])[], index: number): Point {
  const length = Math.max(0, ...deals.map((each) => each.length));
  const sums = Array.from({ length }, (_, k) =>
    Point.sum(deals.map((each) => each[k] ?? INFINITY)),
  );
  return committed(sums, index);
}

// -- Sealing --

/** Who seals a share for whom, and k·E = e·R. */
export interface Seal {
  readonly boardHash: Bytes;
  readonly dealer: number;
  readonly recipient: number;
  readonly shared: Point;
}

const pad = (of: Seal): Bytes =>
  transcript.sealPad(of.boardHash, of.dealer, of.recipient, of.shared);

const xor = (left: Bytes, right: Bytes): Bytes =>
  left.map((byte, at) => byte ^ (right[at] as number)) as Bytes;

/** 32 bytes that only dealer and recipient can open. */
export const seal = (share: Secret, of: Seal): Bytes => xor(bytesOfNumber(share.reveal()), pad(of));

/** Opens a sealed share, which must be what the dealer committed to. */
export function unseal(sealed: Bytes, of: Seal, commitments: readonly Point[]): Secret {
  const value = numberOf(xor(sealed, pad(of)));
  const isScalar = value > 0n && value < N;
  if (!isScalar || !timesG(value).equals(committed(commitments, of.recipient))) {
    throw new InvalidShare(of.dealer, of.recipient);
  }
  return new Secret(value);
}

/** The secret share x of a trustee: the sum of the shares that all dealers gave it. */
export const secretShare = (shares: readonly Secret[]): Secret =>
  new Secret(modN(shares.reduce((sum, each) => sum + each.reveal(), 0n)), "secret share");

// -- Combination --

/** The Lagrange coefficient λ_i at 0 for every trustee i of a quorum. */
export function lagrange(indices: readonly number[]): Map<number, Scalar> {
  for (const [at, index] of indices.entries()) {
    if (!(index >= 1 && index <= MAX_TRUSTEES) || indices.indexOf(index) !== at) {
      throw new InvalidQuorum(index);
    }
  }
  return new Map(indices.map((index) => [index, coefficient(index, indices)]));
}

/** Π j / (j - i) over all j other than i. */
function coefficient(index: number, indices: readonly number[]): Scalar {
  const others = indices.filter((each) => each !== index).map(BigInt);
  const numerator = others.reduce((product, each) => product * each, 1n);
  const denominator = others.reduce((product, each) => product * (each - BigInt(index)), 1n);
  return modN(numerator * inverseOf(modN(denominator)));
}

/** Σ λ_i·D_i of every choice, of D of every choice by the trustees of a quorum. */
export function combine(points: ReadonlyMap<number, readonly Point[]>): Point[] {
  const weights = lagrange([...points.keys()]);
  const rows = [...points].map(([index, own]) =>
    Point.multiples(own, weights.get(index) as Scalar),
  );
  return (rows[0] ?? []).map((_, choice) => Point.sum(rows.map((row) => row[choice] as Point)));
}
