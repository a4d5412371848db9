/** Bytes, numbers and hexadecimal digits, to and fro. */

export type Bytes = Uint8Array<ArrayBuffer>;

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The hexadecimal digits of bytes, in lower case, without 0x. */
export function digitsOf(data: Bytes): string {
  let found = "";
  for (const byte of data) found += DIGITS[byte] as string;
  return found;
}

/** Bytes as 0x and hexadecimal digits. */
export const hex = (data: Bytes): string => `0x${digitsOf(data)}`;

/** The bytes that digits in lower case stand for, without 0x; null if they are something else. */
export function bytesOf(digits: string): Bytes | null {
  if (digits.length % 2 || !/^[0-9a-f]*$/.test(digits)) return null;
  const found = new Uint8Array(digits.length / 2);
  for (let at = 0; at < found.length; at++) {
    found[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  }
  return found;
}

/** The number in big-endian bytes. */
export const numberOf = (data: Bytes): bigint => (data.length ? BigInt(hex(data)) : 0n);

/** A number as big-endian bytes, as many as `length`. It must fit. */
export function bytesOfNumber(value: bigint, length = 32): Bytes {
  const found = new Uint8Array(length);
  const view = new DataView(found.buffer);
  let left = value;
  let at = length;
  for (; at >= 8; left >>= 64n) view.setBigUint64((at -= 8), BigInt.asUintN(64, left));
  for (; at > 0; left >>= 8n) found[--at] = Number(left & 255n);
  return found;
}

export function joined(parts: readonly Bytes[]): Bytes {
  const found = new Uint8Array(parts.reduce((total, each) => total + each.length, 0));
  let at = 0;
  for (const each of parts) {
    found.set(each, at);
    at += each.length;
  }
  return found;
}

export const same = (one: Bytes, other: Bytes): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Below 0, 0 or above 0, as bytes stand before, on or behind others of the same length. */
export function compare(one: Bytes, other: Bytes): number {
  for (let at = 0; at < one.length; at++) {
    const difference = (one[at] as number) - (other[at] as number);
    if (difference) return difference;
  }
  return 0;
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;
