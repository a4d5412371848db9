/**
 * Trackers: the names of ballots, 32 bytes each (PROTOCOL §3). A tracker is null here where no ballot
 * is named; contracts, signatures and documents have zeros.
 */

import type { Bytes } from "../bytes";
import type { Ciphertext } from "../crypto/elgamal";
import * as transcript from "../crypto/transcript";
import type { Address } from "./addresses";

interface Place {
  readonly pollHash: Bytes;
  readonly voter: Address;
  /** The tracker of the ballot that it replaces; null for a voter's first. */
  readonly replaces: Bytes | null;
}

export const trackerOf = (
  place: Place,
  weight: bigint,
  ciphertexts: readonly Ciphertext[],
): Bytes =>
  transcript.tracker({
    pollHash: place.pollHash,
    voter: BigInt(place.voter),
    weight,
    replaces: wordOf(place.replaces),
    ciphertexts: ciphertexts.map((each) => each.pair),
  });

/** The hash of a ballot's place, which the randomness of its ciphertexts is bound to. */
export const placeHash = (of: Place): Bytes =>
  transcript.statementHash(of.pollHash, BigInt(of.voter), wordOf(of.replaces));

export const wordOf = (tracker: Bytes | null): Bytes => tracker ?? new Uint8Array(32);

export const fromWord = (word: Bytes): Bytes | null => (word.some((byte) => byte) ? word : null);
