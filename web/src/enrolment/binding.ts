/** Bindings: a code's key and a voter's key say that they belong together (docs/enrolment.md §3). */

import { type Bytes, hex, utf8 } from "../bytes";
import type { Secret } from "../crypto/group";
import { keccak } from "../crypto/keccak";
import { InvalidDocument } from "../errors";
import type { Address } from "../protocol/addresses";
import type { Writable } from "../protocol/json";
import type { Form } from "../protocol/plain";
import {
  accountOf,
  type Signature,
  sign,
  signatureFromEncoded,
  type TypedData,
  typedData,
} from "../protocol/signature";
import { enrolmentId } from "./id";
import { DOMAIN_TYPE, digest, requireSigned } from "./typed_data";

/** Maximum sequence number: how often a code can be bound. */
const MOST = 100n;
const TYPE = "Binding(string enrolment,address code,address voter,uint64 sequence)";

/** What both keys sign: this voter belongs to this code. */
export interface BindingTerms {
  /** The id of the enrolment. */
  readonly enrolment: string;
  /** The address of the code's key. */
  readonly code: Address;
  readonly voter: Address;
  /** 1 for a code's first binding; the largest number counts. */
  readonly sequence: bigint;
}

/** A voter's address, bound to a code. It holds no secret: anyone may hand it in. */
export interface Binding extends BindingTerms {
  readonly codeSignature: Signature;
  readonly voterSignature: Signature;
}

/** The hash of what both keys sign, 32 bytes. */
export const bindingDigest = (of: BindingTerms): Bytes =>
  digest(TYPE, [keccak(utf8(of.enrolment)), BigInt(of.code), BigInt(of.voter), of.sequence]);

/** What both keys sign, as wallets take it. */
export const bindingTypedData = (of: BindingTerms): TypedData =>
  typedData(DOMAIN_TYPE, {}, TYPE, {
    enrolment: of.enrolment,
    code: of.code,
    voter: of.voter,
    sequence: String(of.sequence),
  });

/** What binds a voter to a code, of which a signature is still missing. */
export const bindingTerms = (
  enrolment: string,
  code: Secret,
  voter: Address,
  sequence: bigint,
): BindingTerms => ({ enrolment, code: accountOf(code), voter, sequence });

/**
 * The binding of a voter, who has signed its terms, to a code. Its sequence is one more than that of
 * the code's newest.
 */
export function bind(terms: BindingTerms, code: Secret, voterSignature: Signature): Binding {
  const made = { ...terms, codeSignature: sign(code, bindingDigest(terms)), voterSignature };
  requireBound(made);
  return made;
}

/** Refuses a binding that its code's key or its voter's key has not signed. */
export function requireBound(binding: Binding): void {
  const digested = bindingDigest(binding);
  requireSigned(binding.code, digested, binding.codeSignature);
  requireSigned(binding.voter, digested, binding.voterSignature);
}

export const bindingToPlain = (of: Binding): Record<string, Writable> => ({
  enrolment: of.enrolment,
  code: of.code,
  voter: of.voter,
  sequence: of.sequence,
  codeSignature: hex(of.codeSignature),
  voterSignature: hex(of.voterSignature),
});

/** The binding in a JSON object. Its signatures are not checked. */
export function bindingFromPlain(form: Form): Binding {
  const sequence = form.number("sequence", MOST);
  if (!sequence) throw new InvalidDocument("binding: sequence is not a number from 1");
  return {
    enrolment: enrolmentId(form.text("enrolment")),
    code: form.address("code"),
    voter: form.address("voter"),
    sequence,
    codeSignature: signatureFromEncoded(form.blob("codeSignature")),
    voterSignature: signatureFromEncoded(form.blob("voterSignature")),
  };
}
