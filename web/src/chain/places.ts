/** What is behind a URL: a node, or a relay that passes questions on to its own. */

import { NodeRefused, NodeUnreachable, WrongAnswer } from "../errors";
import { Node } from "./node";
import { LIMITS } from "./transport";

/** Where a relay answers questions to its node. */
const RPC = "v1/rpc";

/** The node at a URL, or the one of the relay there. */
export async function openNode(url: string): Promise<Node> {
  const [direct, once] = [new Node(url), { ...LIMITS, tries: 1 }];
  try {
    await new Node(url, once).chainId();
    return direct;
  } catch (error) {
    const isNone = [NodeUnreachable, NodeRefused, WrongAnswer].some(
      (each) => error instanceof each,
    );
    if (!isNone) throw error;
    return relayed(url, error);
  }
}

async function relayed(url: string, reason: unknown): Promise<Node> {
  const found = new Node(new URL(RPC, url.replace(/\/*$/, "/")).href);
  try {
    await found.chainId();
    return found;
  } catch {
    throw reason;
  }
}
