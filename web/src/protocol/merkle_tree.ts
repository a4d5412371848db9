/**
 * OpenZeppelin's standard Merkle tree. Nodes are numbered from the root, which is node 0; below node
 * i are 2·i + 1 and 2·i + 2. Leaves are the last ones, in falling order, and the two hashes of every
 * pair are sorted by value.
 */

import { type Bytes, compare, joined } from "../bytes";
import { keccak } from "../crypto/keccak";

const parent = (one: Bytes, other: Bytes): Bytes =>
  keccak(joined(compare(one, other) < 0 ? [one, other] : [other, one]));

/** The root over leaves of 32 bytes, one at least. */
export function rootOf(leaves: readonly Bytes[]): Bytes {
  const last = leaves.toSorted((one, other) => compare(other, one));
  const nodes = [...new Array<Bytes>(leaves.length - 1), ...last];
  for (let place = leaves.length - 2; place >= 0; place--) {
    const [one, other] = nodes.slice(2 * place + 1, 2 * place + 3) as [Bytes, Bytes];
    nodes[place] = parent(one, other);
  }
  return nodes[0] as Bytes;
}

/** The node that is above a leaf if these are the siblings on the way. */
export const climb = (leaf: Bytes, path: readonly Bytes[]): Bytes => path.reduce(parent, leaf);
