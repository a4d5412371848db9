/** Tallies: from encrypted sums and decryption shares to scores (PROTOCOL §4). */

import { DiscreteLogTable } from "../crypto/discrete_log";
import type { Ciphertext } from "../crypto/elgamal";
import type { Point } from "../crypto/group";
import type { Questions } from "../crypto/questions";
import { combine } from "../crypto/sharing";

/** The score of every choice, from D of every choice by the trustees of a quorum. */
export function scoresOf(
  sums: readonly Ciphertext[],
  points: ReadonlyMap<number, readonly Point[]>,
  questions: Questions,
  castWeight: bigint,
): bigint[] {
  const table = new DiscreteLogTable(castWeight * BigInt(questions.maxScore));
  const parts = combine(points);
  return sums.map((each, at) => table.find(each.b.minus(parts[at] as Point)));
}
