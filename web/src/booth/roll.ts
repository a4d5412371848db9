/** The voter's place on the roll, and what the roll tells of secrecy. */

import type { Address } from "../protocol/addresses";
import type { PollDefinition } from "../protocol/definition";
import { rareWeights } from "../protocol/rare_weights";
import type { Roll } from "../protocol/roll";

/** A voter on the roll. */
export interface Entitled {
  readonly voter: Address;
  readonly weight: bigint;
  /** What the whole roll says; null if only the voter's own entry was shown. */
  readonly roll: RollFacts | null;
}

/** What voters are told of the roll. */
interface RollFacts {
  readonly voters: number;
  /** The weights that too few voters share to hide in the result, with the number of these voters. */
  readonly rare: readonly (readonly [weight: bigint, voters: number])[];
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
