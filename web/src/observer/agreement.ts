/** Checks whether nodes show the same poll. */

import { hex } from "../bytes";
import type { Node } from "../chain/node";
import { known, NodeBehind, NodeError, WrongNetwork } from "../errors";
import { type BlockMark, isSame } from "../protocol/block_mark";
import type { Report } from "../trust/report";
import type { PollState } from "./evidence";
import { NodeEvidence } from "./node_evidence";

export const NODES = "nodes agree";

/** Maximum seconds between the times of the newest blocks of two nodes, neither of which is behind. */
const LATE = 600n;

/** The newest block that all nodes have. */
export async function commonBlock(nodes: readonly Node[]): Promise<BlockMark> {
  const chains = await Promise.all(nodes.map((each) => each.chainId()));
  const newest = await Promise.all(nodes.map((each) => each.block()));
  if (chains.some((each) => each !== chains[0])) {
    throw new WrongNetwork(`${nodes.map((each) => each.name).join(", ")} are on different chains`);
  }
  const mark = newest.reduce((least, each) => (each.number < least.number ? each : least));
  for (const [at, node] of nodes.entries()) {
    const own = newest[at] as BlockMark;
    if (newest.some((each) => each.time - own.time > LATE)) {
      throw new NodeBehind(`${node.name} has no newer block than ${own.number}: it is behind`);
    }
    if (!isSame(await node.block(mark.number), mark)) {
      throw new NodeBehind(`${node.name} shows another block ${mark.number}: it is on a branch`);
    }
  }
  return mark;
}

/** Adds to a report whether other nodes show the same chain, poll and state at one block. */
export async function checkAgreement(
  evidence: NodeEvidence,
  others: readonly Node[],
  report: Report,
): Promise<void> {
  const { number } = evidence.mark();
  for (const node of others) {
    const difference = await differenceOf(evidence, node);
    if (!difference) continue;
    report.failed(
      NODES,
      `${evidence.node.name} and ${node.name} at block ${number}: ${difference}`,
    );
    return;
  }
  const names = [evidence.node, ...others].map((each) => each.name).join(", ");
  report.passed(NODES, `${names} at block ${number}`);
}

/** What a node shows otherwise; empty if nothing. */
async function differenceOf(one: NodeEvidence, node: Node): Promise<string> {
  if (node.name === one.node.name)
    return "this is one node, which agrees with itself: name another";
  try {
    const other = new NodeEvidence(node, one.poll.address, one.mark());
    const [poll, shown] = [await one.definition(), await other.definition()];
    if (hex(poll.hash) !== hex(shown.hash)) return "they show different polls";
    const same = fingerprint(await one.state()) === fingerprint(await other.state());
    return same ? "" : "they show different states";
  } catch (error) {
    if (known(error) instanceof NodeError) throw error;
    return known(error).message;
  }
}

const fingerprint = ({ voters, weight, sums, isCancelled, result }: PollState): string =>
  [
    voters,
    weight,
    isCancelled,
    ...result,
    "sums",
    ...sums.flatMap((each) => each.pair.map((of) => hex(of.encoded))),
  ].join();
