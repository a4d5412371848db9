/** Whether a voter is on the roll, asked in the way that costs least. */

import type { Address } from "../protocol/addresses";
import type { PollDefinition } from "../protocol/definition";
import type { DeskLine } from "./desk_line";
import type { Entitled } from "./roll";
import type { Ways } from "./ways";

/** A roll has no more voters than its weight. Up to this, all of it is read: it tells more. */
const READ_WHOLE = 20_000n;

/**
 * The voter on the roll; null if the whole roll was read, and the voter is not on it. A relay's word
 * that somebody is not on the roll is not believed.
 */
export async function findVoter(
  desk: DeskLine,
  ways: Ways,
  poll: PollDefinition,
  voter: Address,
): Promise<Entitled | null> {
  const whole = (): Promise<Entitled | null> => desk.ask("find", { voter });
  const alone = async (): Promise<Entitled | null> => {
    const proof = (await ways.relay?.rollProof(poll, voter)) ?? null;
    return proof && { voter, weight: proof.weight, roll: null };
  };
  if (poll.totalWeight > READ_WHOLE) return (await alone().catch(() => null)) ?? whole();
  try {
    return await whole();
  } catch (error) {
    const found = await alone().catch(() => null);
    if (found) return found;
    throw error;
  }
}
