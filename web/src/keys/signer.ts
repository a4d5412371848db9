/** Who signs for a voter: a key in this page's memory, or a wallet. */

import type { Secret } from "../crypto/group";
import { type BindingTerms, bindingDigest } from "../enrolment/binding";
import type { Address } from "../protocol/addresses";
import {
  accountOf,
  type BallotMessage,
  ballotDigest,
  type Domain,
  type Signature,
  sign,
} from "../protocol/signature";

export interface Signer {
  readonly account: Address;
  /** Signs a ballot. */
  sign(domain: Domain, message: BallotMessage): Promise<Signature>;
  /** Signs a binding to a code. */
  signBinding(terms: BindingTerms): Promise<Signature>;
}

/** A key signs at once. Nothing shows it. */
export const signerOf = (key: Secret): Signer => ({
  account: accountOf(key),
  sign: async (domain, message) => sign(key, ballotDigest(domain, message)),
  signBinding: async (terms) => sign(key, bindingDigest(terms)),
});
