/** Signatures over secp256k1, deterministic by RFC 6979: who signs the same again gives nothing away. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, bytesOfNumber, joined, numberOf } from "../bytes";
import { inverseOf, modN, N, type Scalar, Secret, timesG } from "./group";

interface Ecdsa {
  readonly r: Scalar;
  /** At most n/2. */
  readonly s: Scalar;
  /** Whether the ordinate of the nonce's point is odd, for this s. */
  readonly isOdd: boolean;
}

/** The signature of a hash, 32 bytes. */
export function ecdsa(key: Secret, hash: Bytes): Ecdsa {
  for (const nonce of nonces(key, hash)) {
    const point = timesG(nonce);
    const sum = modN(numberOf(hash) + point.x * key.reveal());
    const s = modN(inverseOf(nonce.reveal()) * sum);
    if (point.x >= N || s === 0n) continue; // as good as never
    const isHigh = s > N / 2n;
    return { r: point.x, s: isHigh ? N - s : s, isOdd: ((point.y & 1n) === 1n) !== isHigh };
  }
  throw new Error("nonces never end");
}

/** The nonces of RFC 6979, §3.2, for HMAC with SHA-256. */
function* nonces(key: Secret, hash: Bytes): Generator<Secret> {
  const seed = joined([bytesOfNumber(key.reveal()), bytesOfNumber(modN(numberOf(hash)))]);
  let [k, v] = [new Uint8Array(32), new Uint8Array(32).fill(1)] as [Bytes, Bytes];
  const mac = (...parts: Bytes[]): Bytes => hmac(sha256, k, joined(parts)) as Bytes;
  const mix = (mark: number, more = new Uint8Array(0)): void => {
    k = mac(v, new Uint8Array([mark]), more);
    v = mac(v);
  };
  mix(0, seed);
  mix(1, seed);
  for (;;) {
    v = mac(v);
    const found = numberOf(v);
    if (found > 0n && found < N) yield new Secret(found, "nonce");
    mix(0);
  }
}
