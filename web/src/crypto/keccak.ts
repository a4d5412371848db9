import { keccak_256, keccakP } from "@noble/hashes/sha3.js";
import { type Bytes, joined } from "../bytes";

/** Bytes that the sponge takes at a time. */
const RATE = 136;

/** Hashes bytes to 32 bytes by Keccak-256. */
export const keccak = (data: Bytes): Bytes => keccak_256(data) as Bytes;

/**
 * The hash of a long beginning, which is known by the sponge's state behind its last whole block of
 * 136 bytes (200 bytes), and of what follows that block.
 */
export function keccakBehind(state: Bytes, rest: Bytes): Bytes {
  const padded = joined([rest, new Uint8Array(RATE - (rest.length % RATE))]);
  padded[rest.length] = 1;
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80;
  return absorbed(state, padded).slice(0, 32);
}

/** The sponge's state, 200 bytes, after it has taken whole blocks. */
export function absorbed(before: Bytes, blocks: Bytes): Bytes {
  const state = before.slice();
  const words = new Uint32Array(state.buffer);
  for (let at = 0; at < blocks.length; at += RATE) {
    for (let place = 0; place < RATE; place++) {
      state[place] = (state[place] as number) ^ (blocks[at + place] as number);
    }
    keccakP(words);
  }
  return state;
}
