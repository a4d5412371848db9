/** The electoral roll: who may vote, and with what weight (PROTOCOL §3). */

import { type Bytes, bytesOfNumber, joined } from "../bytes";
import { keccak } from "../crypto/keccak";
import { InvalidRoll } from "../errors";
import { type Address, checked } from "./addresses";
import { rootOf } from "./merkle_tree";

/** A voter, with how often the ballot counts. */
export type Entry = readonly [voter: Address, weight: bigint];

/** An electoral roll, as OpenZeppelin's standard Merkle tree of (voter, weight). */
export class Roll {
  readonly #weights = new Map<Address, bigint>();
  /** The hash that a poll hash covers, 32 bytes. */
  readonly root: Bytes;

  constructor(entries: readonly Entry[]) {
    for (const [index, [text, weight]] of entries.entries()) {
      const voter = checked(text);
      const at = `entry ${index + 1} of the roll`;
      if (voter === null) throw new InvalidRoll(`${at}: ${text} is no address, or mistyped`);
      if (this.#weights.has(voter))
        throw new InvalidRoll(`${at}: ${voter} stands on the roll twice`);
      if (weight < 1n) throw new InvalidRoll(`${at}: a weight is 1 or more, not ${weight}`);
      this.#weights.set(voter, weight);
    }
    if (!this.#weights.size) throw new InvalidRoll("the roll is empty");
    this.root = rootOf([...this.#weights].map(leaf));
  }

  get entries(): Entry[] {
    return [...this.#weights];
  }

  get size(): number {
    return this.#weights.size;
  }

  get totalWeight(): bigint {
    return [...this.#weights.values()].reduce((total, each) => total + each, 0n);
  }

  /** The weight of a voter; 0 if the voter is not on the roll. */
  weight(voter: Address): bigint {
    return this.#weights.get(voter) ?? 0n;
  }
}

/** The leaf of an entry. It is hashed twice, so that no inner node can pass for a leaf. */
export const leaf = ([voter, weight]: Entry): Bytes =>
  keccak(keccak(joined([bytesOfNumber(BigInt(voter)), bytesOfNumber(weight)])));
