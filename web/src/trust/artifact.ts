/** The published contracts, and how to recognise their code on a chain. */

import { catalogueCode, contracts, type Published } from "veche:published";
import { type Bytes, bytesOf, hex, joined } from "../bytes";
import { keccak, keccakBehind } from "../crypto/keccak";
import { type Address, addressOf } from "../protocol/addresses";

export type Name = "PollCatalogue" | "Poll" | "Tally" | "TrusteeBoard";

/** A clone's code before and after the address (ERC-1167). */
export const CLONE_HEAD = "0x363d3d373d3d3d363d73";
export const CLONE_TAIL = "0x5af43d82803e903d91602b57fd5bf3";

export function published(name: Name): Published {
  return contracts.find((each) => each.name === name) as Published;
}

/** Whether code on chain is a contract's, with one value for each immutable variable. */
export function isCode(name: Name, code: Bytes): boolean {
  const { codeLength, codeHash, immutables } = published(name);
  if (code.length !== codeLength) return false;
  const masked = code.slice();
  for (const places of Object.values(immutables)) {
    const values = places.map(([start, length]) =>
      hex(code.subarray(start, start + length) as Bytes),
    );
    if (new Set(values).size !== 1) return false;
    for (const [start, length] of places) masked.fill(0, start, start + length);
  }
  return hex(keccak(masked)) === codeHash;
}

/** The address that an immutable variable has in code on chain; of other code, any address. */
export function addressIn(name: Name, variable: string, code: Bytes): Address {
  const [start, length] = published(name).immutables[variable]?.[0] ?? [0, 32];
  const padded = joined([new Uint8Array(20), code.slice(start, start + length)]);
  return addressOf(padded.slice(-20));
}

/** The hash of the catalogue's creation code with its arguments behind. */
export const hashOfCreation = (args: Bytes): Bytes =>
  keccakBehind(
    bytesOf(catalogueCode.state) as Bytes,
    joined([bytesOf(catalogueCode.rest) as Bytes, args]),
  );

/** What a clone with arguments is made of; null if the code is none. */
export function cloneParts(code: Bytes): { address: Address; terms: Bytes } | null {
  const behind = 10 + 20 + 15;
  const isClone =
    code.length >= behind &&
    hex(code.subarray(0, 10) as Bytes) === CLONE_HEAD &&
    hex(code.subarray(30, behind) as Bytes) === CLONE_TAIL;
  return isClone ? { address: addressOf(code.slice(10, 30)), terms: code.slice(behind) } : null;
}
