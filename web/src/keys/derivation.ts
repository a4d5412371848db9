/** From a password to the key that locks a file: slow on purpose, so that nobody can guess fast. */

import { scrypt } from "@noble/hashes/scrypt.js";
import type { Bytes } from "../bytes";
import { InsecurePage, InvalidKeystore } from "../errors";

/** How a keystore asks for it: what every keystore has, within what any wallet uses. */
export type Kdf = Scrypt | Pbkdf2;

export interface Scrypt {
  readonly kind: "scrypt";
  readonly salt: Bytes;
  readonly length: number;
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** PBKDF2 with HMAC-SHA-256. */
interface Pbkdf2 {
  readonly kind: "pbkdf2";
  readonly salt: Bytes;
  readonly length: number;
  readonly rounds: number;
}

/** Takes the part that is done, from 0 to 1. */
export type OnProgress = (part: number) => void;
export type Derive = (kdf: Kdf, password: Bytes, onProgress: OnProgress) => Promise<Bytes>;

/** The browser's own ciphers, which it has on pages that nobody can alter on the way. */
export function ciphers(): SubtleCrypto {
  const found: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!found) throw new InsecurePage();
  return found;
}

/** The derived key, as many bytes as it is long. Scrypt takes seconds without a pause. */
export const derive: Derive = async (kdf, password, onProgress) =>
  kdf.kind === "pbkdf2" ? pbkdf2(kdf, password) : byScrypt(kdf, password, onProgress);

/** The memory was limited when the keystore was read; a small device may have less. */
export function byScrypt(
  { n, r, p, salt, length }: Scrypt,
  password: Bytes,
  onProgress: OnProgress,
): Bytes {
  const settings = { N: n, r, p, dkLen: length, maxmem: 2 ** 32, onProgress };
  try {
    return scrypt(password, salt, settings) as Bytes;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidKeystore("the key file asks for more memory than this browser has");
  }
}

async function pbkdf2({ salt, length, rounds }: Pbkdf2, password: Bytes): Promise<Bytes> {
  const own = await ciphers().importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return new Uint8Array(await ciphers().deriveBits(how, own, 8 * length));
}
