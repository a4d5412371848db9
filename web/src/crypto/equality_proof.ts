/**
 * The proof of a decryption share: one secret x was used for V = x·G, and for D = x·A of every choice
 * (PROTOCOL §4).
 */

import type { Bytes } from "../bytes";
import { InvalidPoint, InvalidShareShape } from "../errors";
import { modN, Point, type Scalar, scalarFromOutside } from "./group";
import * as sigma from "./sigma";
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

/** The statement that every D = x·A for the secret x of the verification key V = x·G. */
interface ShareStatement {
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
