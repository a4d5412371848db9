/** Checks whether nodes show the same poll: as each other, or as an election record. */

import { hex } from "../bytes";
import type { Node } from "../chain/node";
import type { Point } from "../crypto/group";
import {
  InvalidDocument,
  known,
  NodeBehind,
  NodeError,
  timeText,
  UnknownContract,
  WrongNetwork,
} from "../errors";
import { type BlockMark, isSame } from "../protocol/block_mark";
import { toPlain } from "../protocol/definition";
import { write } from "../protocol/json";
import { compressed } from "../protocol/logged_ballot";
import { Report } from "../trust/report";
import type { Cast, Evidence, PollState } from "./evidence";
import { NodeEvidence } from "./node_evidence";
import * as parts from "./record_parts";
import { verify } from "./verification";

export const NODES = "nodes agree";

/** Maximum seconds between the times of the newest blocks of two nodes, neither of which is behind. */
const LATE = 600n;
const ITSELF = "this is one node, which agrees with itself: name another";

/** The newest block that all nodes have. */
export async function commonBlock(nodes: readonly Node[]): Promise<BlockMark> {
  if (nodes.length > 1) await requireOneChain(nodes);
  const newest = await Promise.all(nodes.map((each) => each.block()));
  requireInStep(nodes, newest);
  const mark = newest.reduce((least, each) => (each.number < least.number ? each : least));
  const shown = await Promise.all(nodes.map((each) => each.block(mark.number)));
  const other = nodes[shown.findIndex((each) => !isSame(each, mark))];
  if (!other) return mark;
  const of = nodes[newest.indexOf(mark)]?.name;
  const said = `${of} and ${other.name} show different blocks ${mark.number}`;
  throw new NodeBehind(`${said}: one is behind, or on a branch of its own`);
}

async function requireOneChain([first, ...others]: readonly Node[]): Promise<void> {
  const chain = async (node: Node): Promise<string> =>
    `${await node.chainId()} ${hex(await node.genesis())}`;
  for (const each of others) {
    if (first && (await chain(each)) !== (await chain(first))) {
      throw new WrongNetwork(`${first.name} and ${each.name} are on different chains`);
    }
  }
}

/** Refuses nodes one of which is behind, by the times of their newest blocks. */
function requireInStep(nodes: readonly Node[], newest: readonly BlockMark[]): void {
  const ahead = newest.reduce((best, each) => (each.time > best.time ? each : best));
  for (const [at, mark] of newest.entries()) {
    if (ahead.time - mark.time <= LATE) continue;
    const own = `no newer block than ${mark.number}, of ${timeText(mark.time)}`;
    const named = nodes[newest.indexOf(ahead)]?.name;
    throw new NodeBehind(`${nodes[at]?.name} has ${own}, and ${named} has block ${ahead.number}`);
  }
}

/** Adds to a report whether other nodes show the same chain, poll and state at one block. */
export async function checkAgreement(
  evidence: NodeEvidence,
  others: readonly Node[],
  report: Report,
): Promise<void> {
  const { number } = evidence.mark();
  for (const node of others) {
    const difference = node.isSame(evidence.node) ? ITSELF : await differenceOf(evidence, node);
    if (!difference) continue;
    const both = `${evidence.node.name} and ${node.name}`;
    report.failed(NODES, `${both} at block ${number}: ${difference}`);
    return;
  }
  const names = [evidence.node, ...others].map((each) => each.name).join(", ");
  report.passed(NODES, `${names} at block ${number}`);
}

/**
 * Adds to a report whether nodes show all that a record says: the same block, and at this block the
 * same poll and board, state, shares and ballots. Returns whether they do.
 */
export async function checkRecord(
  record: Evidence,
  nodes: readonly Node[],
  report: Report,
): Promise<boolean> {
  const { number } = record.mark();
  const { chainId, address } = await record.definition();
  for (const node of nodes) {
    const own = await node.chainId();
    if (own !== chainId) throw new WrongNetwork(`${node.name} is on chain ${own}, not ${chainId}`);
    const difference = await differenceOf(record, node, true);
    if (!difference) continue;
    await requireAllLogs(new NodeEvidence(node, address, await node.block(number)));
    report.failed(NODES, `the record and ${node.name} at block ${number}: ${difference}`);
    return false;
  }
  const names = nodes.map((each) => each.name).join(", ");
  report.passed(NODES, `the record has all that ${names} shows at block ${number}`);
  return true;
}

/** What a node shows otherwise; empty if nothing. All is compared, or chain, poll and state. */
async function differenceOf(one: Evidence, node: Node, isInFull = false): Promise<string> {
  const mark = one.mark();
  try {
    const definition = await one.definition();
    const other = new NodeEvidence(node, definition.address, await node.block(mark.number));
    const isOne = (await node.chainId()) === definition.chainId && isSame(mark, other.mark());
    if (!isOne) return "they show different chains";
    if (write(toPlain(definition)) !== write(toPlain(await other.definition()))) {
      return "they show different polls";
    }
    if (fingerprint(await one.state()) !== fingerprint(await other.state())) {
      return "they show different states";
    }
    return isInFull ? await differenceInRest(one, other) : "";
  } catch (caught) {
    const error = known(caught);
    if (error instanceof NodeError || error instanceof InvalidDocument) throw error;
    return error.message;
  }
}

async function differenceInRest(one: Evidence, other: Evidence): Promise<string> {
  const hashes = [await one.pollHash(), await other.pollHash()].map(hex);
  if (hashes[0] !== hashes[1]) return "they show different polls";
  if ((await onChain(one)) !== (await onChain(other))) return "they show different contracts";
  const ceremonies = [await one.ceremony(), await other.ceremony()].map(parts.ceremony.write);
  if (ceremonies[0] !== ceremonies[1]) return "they show different key ceremonies";
  const shares = [await one.shares(), await other.shares()].map(parts.shares.write);
  if (shares[0] !== shares[1]) return "they show different decryption shares";
  return (await haveSameBallots(one, other)) ? "" : "they show different ballots";
}

/** Provenance without the first block of the chain, which not every reader knows. */
async function onChain(evidence: Evidence): Promise<string> {
  const found = await evidence.provenance();
  return parts.provenance.write({ ...found, root: { ...found.root, firstAccounts: null } });
}

async function haveSameBallots(one: Evidence, other: Evidence): Promise<boolean> {
  const { questions } = await one.definition();
  const line = parts.ballot(questions);
  /** All are compressed that can be. */
  const text = ({ logged, block }: Cast): string => {
    const words = compressed(logged, questions);
    const shown = words ? { ...logged, words, isCompressed: true } : logged;
    return line.write({ logged: shown, block });
  };
  const others = other.ballots()[Symbol.asyncIterator]();
  for await (const cast of one.ballots()) {
    const next = await others.next();
    if (next.done || text(next.value) !== text(cast)) return false;
  }
  return (await others.next()).done === true;
}

/** Refuses a node that lacks logs: then the difference is its fault, and not the record's. */
async function requireAllLogs(evidence: NodeEvidence): Promise<void> {
  try {
    await verify(evidence, new Report());
  } catch (error) {
    if (!(known(error) instanceof UnknownContract)) throw error; // it has no such poll: a difference
  }
}

const fingerprint = ({ voters, weight, sums, isCancelled, result }: PollState): string => {
  const points = (of: readonly Point[]): string[] => of.map((each) => hex(each.encoded));
  const encoded = sums.flatMap((each) => points(each.pair));
  return [voters, weight, isCancelled, ...result, "sums", ...encoded].join();
};
