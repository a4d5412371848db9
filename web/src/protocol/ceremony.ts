/** What trustees sign in the key ceremony (PROTOCOL §2). */

import type { Bytes } from "../bytes";
import type { Deal } from "../crypto/deal_proof";
import { NotSignedByTrustee } from "../errors";
import type { BoardDefinition } from "./board";
import { confirmationDigest, dealDigest, type Signature, signer } from "./signature";

/** A deal with its dealer's signature. */
export interface SignedDeal {
  /** The dealer's index, from 1. */
  readonly dealer: bigint;
  readonly deal: Deal;
  readonly signature: Signature;
}

/** A trustee's word that all shares that it was dealt are good. */
export interface SignedConfirmation {
  /** The trustee's index, from 1. */
  readonly trustee: bigint;
  readonly dealsHash: Bytes;
  readonly signature: Signature;
}

export function requireDealSigned(board: BoardDefinition, signed: SignedDeal): void {
  const domain = { chainId: board.chainId, contract: board.address };
  const digest = dealDigest(domain, board.hash, signed.dealer, signed.deal.challenge);
  requireTrustee(board, signed.dealer, digest, signed.signature);
}

export function requireConfirmationSigned(
  board: BoardDefinition,
  signed: SignedConfirmation,
): void {
  const domain = { chainId: board.chainId, contract: board.address };
  const digest = confirmationDigest(domain, board.hash, signed.trustee, signed.dealsHash);
  requireTrustee(board, signed.trustee, digest, signed.signature);
}

function requireTrustee(
  board: BoardDefinition,
  index: bigint,
  digest: Bytes,
  signature: Signature,
): void {
  const found = signer(digest, signature);
  if (found !== board.terms.trustees[Number(index) - 1]?.account) {
    throw new NotSignedByTrustee(Number(index), found);
  }
}
