/**
 * Proofs that one secret x was used for several points: X = x·G, and D = x·A for every pair (A, D).
 * A blame has one such pair, a decryption share one for every choice (PROTOCOL §2, §4).
 */

import type { Bytes } from "../bytes";
import { InvalidPoint, InvalidShareShape } from "../errors";
import {
  INFINITY,
  modN,
  Point,
  type Scalar,
  type Secret,
  scalarFromOutside,
  timesG,
} from "./group";
import * as sigma from "./sigma";
import { type Entropy, SYSTEM } from "./sigma";
import * as transcript from "./transcript";
import { list, type Part } from "./transcript";

export interface EqualityProof {
  readonly challenge: Scalar;
  readonly response: Scalar;
}

export const proofFromOutside = (challenge: bigint, response: bigint): EqualityProof => ({
  challenge: scalarFromOutside(challenge, "challenge"),
  response: scalarFromOutside(response, "response"),
});

/** The sum of the parts s·A and −c·D of the commitment to the base A. */
function commitment(proof: EqualityProof, base: Point, image: Point, index: number): Point {
  const [u, v] = [base.times(proof.response), image.times(modN(-proof.challenge))];
  return sigma.joinedParts(u, v, index);
}

// -- Blame --

/** The statement that S = e·R for the secret e of the sealing key E = e·G. */
export interface BlameStatement {
  readonly boardHash: Bytes;
  /** The index of the trustee who is blamed, from 1. */
  readonly dealer: number;
  /** The index of the trustee who blames, from 1. */
  readonly recipient: number;
  readonly sealingKey: Point;
  readonly ephemeral: Point;
  readonly shared: Point;
}

const blameParts = (of: BlameStatement): Part[] => [
  of.boardHash,
  of.dealer,
  of.recipient,
  of.sealingKey,
  of.ephemeral,
  of.shared,
];

export function proveBlame(
  statement: BlameStatement,
  secret: Secret,
  entropy: Entropy = SYSTEM,
): EqualityProof {
  const parts = blameParts(statement);
  const w = sigma.nonce(secret, transcript.statementHash(...parts), entropy);
  const c = transcript.blameChallenge(parts, timesG(w).address, statement.ephemeral.times(w));
  return { challenge: c, response: modN(w + c * secret.reveal()) };
}

export function verifyBlame(statement: BlameStatement, proof: EqualityProof): void {
  const { sealingKey, ephemeral, shared } = statement;
  const first = sigma.firstCommitment(sealingKey, proof.challenge, proof.response);
  const second = commitment(proof, ephemeral, shared, 0);
  const computed = transcript.blameChallenge(blameParts(statement), first, second);
  sigma.requireChallenge(proof.challenge, computed);
}

// -- Decryption share --

/** The statement that every D = x·A for the secret x of the verification key V = x·G. */
export interface ShareStatement {
  readonly pollHash: Bytes;
  readonly trustee: number;
  readonly verificationKey: Point;
  /** A of every choice; infinity if ballots cancel each other out. */
  readonly sums: readonly Point[];
  /** D of every choice; infinity exactly if A is. */
  readonly points: readonly Point[];
}

const shareParts = (of: ShareStatement): Part[] => [
  of.pollHash,
  of.trustee,
  of.verificationKey,
  list(of.sums),
  list(of.points),
];

/** The points D of a share; (0, 0) is infinity. */
export const pointsFromOutside = (words: readonly (readonly [bigint, bigint])[]): Point[] =>
  words.map(([x, y], index) =>
    x === 0n && y === 0n ? INFINITY : Point.fromOutside(x, y, `point ${index}`),
  );

/** D = x·A of every choice. */
export const decrypt = (sums: readonly Point[], secret: Secret): Point[] =>
  sums.map((each) => each.times(secret));

export function proveShare(
  statement: ShareStatement,
  secret: Secret,
  entropy: Entropy = SYSTEM,
): EqualityProof {
  const parts = shareParts(statement);
  const w = sigma.nonce(secret, transcript.statementHash(...parts), entropy);
  const others = statement.sums.filter((each) => !each.isInfinity).map((each) => each.times(w));
  const c = transcript.shareChallenge(parts, timesG(w).address, others);
  return { challenge: c, response: modN(w + c * secret.reveal()) };
}

export function verifyShare(statement: ShareStatement, proof: EqualityProof): void {
  requirePairs(statement);
  const { sums, points, verificationKey } = statement;
  const first = sigma.firstCommitment(verificationKey, proof.challenge, proof.response);
  const others = sums.flatMap((base, index) =>
    base.isInfinity ? [] : [commitment(proof, base, points[index] as Point, index)],
  );
  Point.settle(others);
  const computed = transcript.shareChallenge(shareParts(statement), first, others);
  sigma.requireChallenge(proof.challenge, computed);
}

function requirePairs({ sums, points }: ShareStatement): void {
  if (sums.length !== points.length) throw new InvalidShareShape(sums.length, points.length);
  for (const [index, base] of sums.entries()) {
    const image = points[index] as Point;
    if (!base.isInfinity) base.check(`sum ${index}`);
    if (base.isInfinity !== image.isInfinity) {
      const reason = "it must be infinity exactly if the sum is infinity";
      throw new InvalidPoint(image.x, image.y, `point ${index}`, reason);
    }
  }
}
