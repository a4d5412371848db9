/** Whom the booth asks: a relay that casts ballots, and a node that shows whether they count. */

import { Node } from "../chain/node";
import { Relay } from "../chain/relay";
import { urlIn } from "../chain/wire";

export interface Ways {
  /** Null if there is none: then somebody carries the ballot. */
  readonly relay: Relay | null;
  /** The URL of the node's JSON-RPC. */
  readonly url: string;
  readonly node: Node;
  /** Whether the voter has not named the node: then it is the relay's own, or the link's. */
  readonly isForeign: boolean;
}

/**
 * The ways through a URL, which is that of a relay or that of a node; and through a node of the
 * reader's choice, if one is named.
 */
export async function waysOf(at: string, own: string | null): Promise<Ways> {
  const asked = new Relay(at);
  const relay = (await asked.isThere()) ? asked : null;
  const url = own ?? relay?.rpc ?? at;
  return { relay, url, node: new Node(url), isForeign: own === null };
}

/** Whom the reader has named in place of what the link proposes: a relay or node, and another node. */
export interface Named {
  readonly at: string | null;
  readonly own: string | null;
}

/** What the tab has kept of it; null if that is nothing. */
export function namedIn(text: string | null): Named | null {
  try {
    const [at, own] = JSON.parse(text ?? "null") as unknown[];
    const isUrl = (each: unknown): each is string => typeof each === "string" && !!urlIn(each);
    return isUrl(at) ? { at, own: isUrl(own) ? own : null } : null;
  } catch {
    return null;
  }
}
