/** What voters and officials sign in an enrolment, by EIP-712 (docs/enrolment.md §3). */

import { type Bytes, joined } from "../bytes";
import { keccak } from "../crypto/keccak";
import { NotSignedBy } from "../errors";
import { type Address, NOBODY } from "../protocol/addresses";
import { digestIn, domainOf, type Signature, signer } from "../protocol/signature";

/** Neither a chain nor a contract: people enrol before there is a poll. */
export const DOMAIN_TYPE = "EIP712Domain(string name,string version)";
const DOMAIN = domainOf(DOMAIN_TYPE);

/** The hash of values of a type, a word each, as they are signed. */
export const digest = (type: string, values: readonly (Bytes | bigint)[]): Bytes =>
  digestIn(DOMAIN, type, values);

/** The word of a list of addresses, 20 bytes each. */
export function listWord(addresses: readonly Bytes[]): Bytes {
  const padding = new Uint8Array(12);
  return keccak(joined(addresses.flatMap((each) => [padding, each])));
}

/** Refuses a signature that is not that of the key with this address. */
export function requireSigned(expected: Address, digested: Bytes, signature: Signature): void {
  const found = signer(digested, signature);
  if (found !== expected || found === NOBODY) throw new NotSignedBy(expected, found);
}
