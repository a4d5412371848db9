import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Bytes } from "../bytes";

/** Hashes bytes to 32 bytes by Keccak-256. */
export const keccak = (data: Bytes): Bytes => keccak_256(data) as Bytes;
