/** The voter's place on the roll, by whatever shows it: a relay's path, or the published roll. */

import type { Bytes } from "../bytes";
import { same } from "../bytes";
import { WrongRollProof } from "../errors";
import type { Address } from "../protocol/addresses";
import type { PollDefinition } from "../protocol/definition";
import { climb } from "../protocol/merkle_tree";
import { rareWeights } from "../protocol/rare_weights";
import { leaf, type Roll } from "../protocol/roll";

/** What a relay says of a voter: a weight, and the siblings from the voter's leaf to the root. */
export interface ShownEntry {
  readonly weight: bigint;
  readonly path: readonly Bytes[];
}

/** A voter on the roll. */
export interface Entitled {
  readonly voter: Address;
  readonly weight: bigint;
  /** What the whole roll says; null if only the voter's own entry was shown. */
  readonly roll: RollFacts | null;
}

/** What voters are told of the roll. */
export interface RollFacts {
  readonly voters: number;
  /** The weights that too few voters share to hide in the result, with the number of these voters. */
  readonly rare: readonly (readonly [weight: bigint, voters: number])[];
}

/** The voter of an entry, if its path leads to the root that the poll hash covers. */
export function entitledBy(poll: PollDefinition, voter: Address, shown: ShownEntry): Entitled {
  if (shown.weight < 1n || !same(climb(leaf([voter, shown.weight]), shown.path), poll.rollRoot)) {
    throw new WrongRollProof(`what was shown of ${voter} does not lead to the root of the roll`);
  }
  return { voter, weight: shown.weight, roll: null };
}

/** The voter on the whole roll; null for somebody who is not on it. */
export function entitledOn(poll: PollDefinition, voter: Address, roll: Roll): Entitled | null {
  const weight = roll.weight(voter);
  if (!weight) return null;
  const weights = roll.entries.map(([, each]) => each);
  const rare = rareWeights(weights, poll.minVoters);
  return { voter, weight, roll: { voters: roll.size, rare } };
}

/** Whether fewer than twice as many people can vote as a result needs. */
export const isSmall = (voters: number, fewest: bigint): boolean => BigInt(voters) < 2n * fewest;
