/** The steps that all proofs share: nonces, commitments, the comparison of challenges. */

import { type Bytes, numberOf } from "../bytes";
import { CommitmentAtInfinity, DegenerateSum, InvalidProof } from "../errors";
import { combine, modN, N, type Point, type Scalar, Secret } from "./group";
import * as transcript from "./transcript";

/** Bytes of the device's random generator. */
export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** A random secret, uniform in 1..n-1. */
export function randomSecret(): Secret {
  for (;;) {
    const value = numberOf(random(32));
    if (value > 0n && value < N) return new Secret(value);
  }
}

/** A fresh nonce in 1..n-1. It depends on secret and statement too. */
export function nonce(secret: Secret, statement: Bytes): Scalar {
  for (;;) {
    const found = transcript.nonceHash(random(32), secret, statement);
    if (found) return found;
  }
}

/** The randomness of every choice's ciphertext, bound to its place and the whole vote. */
export function randomness(place: Bytes, scores: readonly number[]): Secret[] {
  return scores.map((_, choice) => {
    for (;;) {
      const found = transcript.randomnessHash(random(32), place, scores, choice);
      if (found) return new Secret(found);
    }
  });
}

/** The address of the commitment s·G − c·X. */
export function firstCommitment(point: Point, c: Scalar, s: Scalar, index = 0): bigint {
  return requireFinite(combine(s, modN(-c), point), index).address;
}

export function requireFinite(commitment: Point, index: number): Point {
  if (commitment.isInfinity) throw new CommitmentAtInfinity(index);
  return commitment;
}

/** The sum U + V. */
export function joinedParts(u: Point, v: Point, index: number): Point {
  if (u.isInfinity || v.isInfinity || u.equals(v) || u.equals(v.opposite())) {
    throw new DegenerateSum(index);
  }
  return u.plus(v);
}

export function requireChallenge(claimed: Scalar, computed: Scalar): void {
  if (claimed !== computed) throw new InvalidProof(claimed, computed);
}
