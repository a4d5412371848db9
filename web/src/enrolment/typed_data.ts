/** What voters and officials sign in an enrolment, by EIP-712 (docs/enrolment.md §3). */

import type { Bytes } from "../bytes";
import { NotSignedBy } from "../errors";
import { type Address, NOBODY } from "../protocol/addresses";
import { digestIn, domainOf, type Signature, signer } from "../protocol/signature";

/** Neither a chain nor a contract: people enrol before there is a poll. */
export const DOMAIN_TYPE = "EIP712Domain(string name,string version)";
const DOMAIN = domainOf(DOMAIN_TYPE);

/** The hash of values of a type, a word each, as they are signed. */
export const digest = (type: string, values: readonly (Bytes | bigint)[]): Bytes =>
  digestIn(DOMAIN, type, values);

/** Refuses a signature that is not that of the key with this address. */
export function requireSigned(expected: Address, digested: Bytes, signature: Signature): void {
  const found = signer(digested, signature);
  if (found !== expected || found === NOBODY) throw new NotSignedBy(expected, found);
}
