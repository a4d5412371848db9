/** What became of a ballot, as a node shows it. A relay's word does not count here. */

import { type Bytes, hex } from "../bytes";
import { phase, uint, word } from "../chain/abi";
import { Contract } from "../chain/contract";
import type { Node } from "../chain/node";
import { BALLOT_CAST } from "../observer/node_evidence";
import type { Address } from "../protocol/addresses";
import type { Phase } from "../protocol/phase";
import { fromWord } from "../protocol/trackers";
import type { Sent } from "./flow";

/** How many blocks must hold a ballot: its own and those on top. It is watched as long as the tab is open. */
const CONFIRMATIONS = 1n;

/** A poll and its voter's ballot, as a node shows them at its newest block. */
export interface Seen {
  readonly phase: Phase;
  /** The time that the next block would have. */
  readonly time: bigint;
  readonly newest: bigint;
  /** How many have voted. */
  readonly voters: bigint;
  /** The tracker of the voter's ballot that counts; null if none does. */
  readonly counting: string | null;
  /** The block whose log has the ballot that was asked for; null if none has it. */
  readonly block: bigint | null;
}

/** Looks at a poll; at a voter's ballot too, if one is named. */
export async function look(
  node: Node,
  poll: Address,
  voter: Address | null,
  tracker: Bytes | null,
): Promise<Seen> {
  const mark = await node.block();
  const contract = new Contract(node, poll, mark);
  const counting = voter && fromWord(await contract.read(word, "tracker(address)", BigInt(voter)));
  let block: bigint | null = null;
  if (voter && tracker) {
    for await (const { log } of contract.events(BALLOT_CAST, { where: [BigInt(voter), tracker] })) {
      block = log.block;
    }
  }
  return {
    phase: await contract.read(phase, "phase"),
    time: await node.nextTime(mark),
    newest: mark.number,
    voters: await contract.read(uint, "voterCount"),
    counting: counting && hex(counting),
    block,
  };
}

/** The device's clock, in seconds since 1970. */
export const deviceTime = (): bigint => BigInt(Math.floor(Date.now() / 1000));

/** Whether a time is past, by the chain's clock and by the device's: a node may lie about either. */
export const isPast = (time: bigint, seen: Seen, own = deviceTime()): boolean =>
  seen.time > time && own > time;

/** Where a ballot stands: */
export type Fate =
  /** No block has it yet. */
  | { readonly name: "waiting" }
  /** It counts, and enough blocks hold it. */
  | { readonly name: "counted"; readonly block: bigint }
  /** It counted, and a later ballot of its voter counts in its place. */
  | { readonly name: "replaced"; readonly by: string }
  /** Another ballot of its voter was cast in its place: it can count no more. */
  | { readonly name: "overtaken"; readonly by: string }
  /** Its deadline is past: nobody can cast it. */
  | { readonly name: "dead" }
  | { readonly name: "closed" };

export function fateOf(
  sent: Pick<Sent, "tracker" | "replaces" | "deadline">,
  seen: Seen,
  own = deviceTime(),
): Fate {
  const { counting, block } = seen;
  if (counting === sent.tracker) {
    // a node may show what a block has changed a little before the block's log
    const isDeep = block !== null && block + CONFIRMATIONS - 1n <= seen.newest;
    return isDeep ? { name: "counted", block } : { name: "waiting" };
  }
  if (counting !== null && counting !== sent.replaces) {
    return { name: block === null ? "overtaken" : "replaced", by: counting };
  }
  if (seen.phase !== "open" && seen.phase !== "scheduled") return { name: "closed" };
  return isPast(sent.deadline, seen, own) ? { name: "dead" } : { name: "waiting" };
}
