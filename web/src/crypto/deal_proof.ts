/** A trustee's deal and its proof: the dealer knows the secrets of C_0 and R (PROTOCOL §2). */

import type { Bytes } from "../bytes";
import { InvalidDealShape } from "../errors";
import { Point, type Scalar, scalarFromOutside } from "./group";
import * as sigma from "./sigma";
import * as transcript from "./transcript";

/** A deal, as its dealer posts it. */
export interface Deal {
  /** C_0 … C_{t-1}, the commitments to the polynomial's coefficients. */
  readonly commitments: readonly Point[];
  /** R = k·G. */
  readonly ephemeral: Point;
  /** The sealed share of every trustee, in order; 32 bytes each. */
  readonly sealed: readonly Bytes[];
  readonly challenge: Scalar;
  /** z_a, for a_0. */
  readonly secretResponse: Scalar;
  /** z_k, for k. */
  readonly ephemeralResponse: Scalar;
}

/** The words of a deal from outside. */
interface DealWords {
  readonly commitments: readonly (readonly [bigint, bigint])[];
  readonly ephemeral: readonly [bigint, bigint];
  readonly sealed: readonly Bytes[];
  readonly challenge: bigint;
  readonly secretResponse: bigint;
  readonly ephemeralResponse: bigint;
}

export const dealFromOutside = (words: DealWords): Deal => ({
  commitments: words.commitments.map(([x, y], index) =>
    Point.fromOutside(x, y, `commitment ${index}`),
  ),
  ephemeral: Point.fromOutside(...words.ephemeral, "ephemeral key"),
  sealed: words.sealed,
  challenge: scalarFromOutside(words.challenge, "challenge"),
  secretResponse: scalarFromOutside(words.secretResponse, "response of the secret"),
  ephemeralResponse: scalarFromOutside(words.ephemeralResponse, "response of the ephemeral key"),
});

/** The board that a deal is for. */
interface DealContext {
  readonly boardHash: Bytes;
  /** The dealer's index, from 1. */
  readonly dealer: number;
}

/** Verifies a deal of a board with a threshold and this many trustees. */
export function verifyDeal(
  deal: Deal,
  context: DealContext & { readonly threshold: number; readonly trustees: number },
): void {
  const { commitments, ephemeral, sealed, challenge } = deal;
  if (commitments.length !== context.threshold || sealed.length !== context.trustees) {
    throw new InvalidDealShape(commitments.length, sealed.length);
  }
  const first = [
    sigma.firstCommitment(commitments[0] as Point, challenge, deal.secretResponse, 0),
    sigma.firstCommitment(ephemeral, challenge, deal.ephemeralResponse, 1),
  ] as const;
  const { boardHash, dealer } = context;
  const shown = { boardHash, dealer, commitments, ephemeral, sealed };
  sigma.requireChallenge(challenge, transcript.dealChallenge(shown, first));
}
