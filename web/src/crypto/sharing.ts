/** Secret sharing: what commitments make public, and the combination of shares (PROTOCOL §2, §4). */

import { InvalidQuorum, InvalidThreshold } from "../errors";
import { INFINITY, inverseOf, modN, Point, type Scalar } from "./group";

export const MAX_TRUSTEES = 16;

/** Refuses thresholds with which one trustee, or either of two disjoint quorums, could decrypt. */
export function requireThreshold(threshold: bigint | number, trustees: number): void {
  const t = BigInt(threshold);
  const isPossible = t >= 2n && t <= trustees && trustees <= MAX_TRUSTEES;
  if (!isPossible || 2n * t <= trustees) throw new InvalidThreshold(threshold, trustees);
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
