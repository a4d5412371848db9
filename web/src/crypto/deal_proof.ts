/** A trustee's deal and its proof: the dealer knows the secrets of C_0 and R (PROTOCOL §2). */

import type { Bytes } from "../bytes";
import { InvalidDealShape } from "../errors";
import { modN, Point, type Scalar, scalarFromOutside, timesG } from "./group";
import { type Polynomial, seal } from "./sharing";
import * as sigma from "./sigma";
import { type Entropy, SYSTEM } from "./sigma";
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
export interface DealWords {
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
export interface DealContext {
  readonly boardHash: Bytes;
  /** The dealer's index, from 1. */
  readonly dealer: number;
}

/** Makes a deal for the sealing keys of all trustees, in order, with its proof. */
export function makeDeal(
  polynomial: Polynomial,
  context: DealContext,
  sealingKeys: readonly Point[],
  entropy: Entropy = SYSTEM,
): Deal {
  const k = sigma.randomSecret(entropy);
  const sealed = sealingKeys.map((key, at) =>
    seal(polynomial.share(at + 1), { ...context, recipient: at + 1, shared: key.times(k) }),
  );
  const shown = { ...context, commitments: polynomial.commitments(), ephemeral: timesG(k), sealed };
  const secrets = [polynomial.secret, k] as const;
  const nonce = (place: 0 | 1): Scalar => {
    const statement = transcript.statementHash(...transcript.dealParts(shown), place);
    return sigma.nonce(secrets[place], statement, entropy);
  };
  const nonces = [nonce(0), nonce(1)] as const;
  const first = [timesG(nonces[0]).address, timesG(nonces[1]).address] as const;
  const c = transcript.dealChallenge(shown, first);
  const { commitments, ephemeral } = shown;
  return {
    commitments,
    ephemeral,
    sealed,
    challenge: c,
    secretResponse: modN(nonces[0] + c * secrets[0].reveal()),
    ephemeralResponse: modN(nonces[1] + c * secrets[1].reveal()),
  };
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
