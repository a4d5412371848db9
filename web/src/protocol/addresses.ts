/** Addresses as people write them: 0x and 40 hexadecimal digits. Their case is a checksum (ERC-55). */

import { type Bytes, bytesOf, digitsOf, utf8 } from "../bytes";
import { keccak } from "../crypto/keccak";

/** An address with its checksum. */
export type Address = string;

export const NOBODY: Address = `0x${"0".repeat(40)}`;

const checksums = new Map<string, string>();
const MOST = 1 << 15;

function checksummed(digits: string): string {
  const known = checksums.get(digits);
  if (known) return known;
  const hash = digitsOf(keccak(utf8(digits)));
  let found = "0x";
  for (let at = 0; at < 40; at++) {
    const digit = digits.charAt(at);
    found += hash.charAt(at) >= "8" ? digit.toUpperCase() : digit;
  }
  if (checksums.size >= MOST) checksums.clear(); // a roll and its ballots name the same voters
  checksums.set(digits, found);
  return found;
}

const hasForm = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text);

/**
 * The address in a text, with its checksum; null if it is no address, or the checksum is wrong. A
 * text in lower or upper case only has no checksum.
 */
export function checked(text: string): Address | null {
  if (!hasForm(text)) return null;
  const digits = text.slice(2);
  const found = checksummed(digits.toLowerCase());
  const isPlain = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  return isPlain || text === found ? found : null;
}

/** The address in 20 bytes. */
export const addressOf = (data: Bytes): Address => checksummed(digitsOf(data));

/** The address that a number stands for. */
export const addressOfNumber = (value: bigint): Address =>
  checksummed(value.toString(16).padStart(40, "0"));

export const bytesOfAddress = (address: Address): Bytes =>
  bytesOf(address.slice(2).toLowerCase()) as Bytes;
