/**
 * OpenZeppelin's standard Merkle tree. Nodes are numbered from the root, which is node 0; below node
 * i are 2·i + 1 and 2·i + 2. Leaves are the last ones, in falling order, and the two hashes of every
 * pair are sorted by value.
 */

import { type Bytes, compare, digitsOf, joined } from "../bytes";
import { keccak } from "../crypto/keccak";

const parent = (one: Bytes, other: Bytes): Bytes =>
  keccak(joined(compare(one, other) < 0 ? [one, other] : [other, one]));

/** A Merkle tree over leaves of 32 bytes, one at least. */
export class MerkleTree {
  readonly #nodes: Bytes[];

  constructor(leaves: readonly Bytes[]) {
    const last = leaves.toSorted((one, other) => compare(other, one));
    this.#nodes = [...new Array<Bytes>(leaves.length - 1), ...last];
    for (let place = leaves.length - 2; place >= 0; place--) {
      const [one, other] = this.#nodes.slice(2 * place + 1, 2 * place + 3) as [Bytes, Bytes];
      this.#nodes[place] = parent(one, other);
    }
  }

  get root(): Bytes {
    return this.#nodes[0] as Bytes;
  }

  path(of: Bytes): Bytes[] {
    const digits = digitsOf(of);
    let place = this.#nodes.findLastIndex((each) => digitsOf(each) === digits);
    const found: Bytes[] = [];
    for (; place > 0; place = (place - 1) >> 1) {
      found.push(this.#nodes[place % 2 ? place + 1 : place - 1] as Bytes);
    }
    return found;
  }
}

/** How many nodes are above a node. */
export const depthOf = (place: bigint): number => (place + 1n).toString(2).length - 1;

/** The node that is above a leaf if these are the siblings on the way. */
export const climb = (leaf: Bytes, path: readonly Bytes[]): Bytes => path.reduce(parent, leaf);
