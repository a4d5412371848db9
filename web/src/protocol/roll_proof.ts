/** The entry of one voter, shown by the root of a roll without the rest of it (PROTOCOL §3, Roll). */

import { type Bytes, same } from "../bytes";
import { LIMIT } from "./definition";
import { climb } from "./merkle_tree";
import { type Entry, leaf } from "./roll";

/** Maximum hashes of a path: the voters of a poll are fewer than LIMIT, as their weights are. */
export const MAX_PATH = LIMIT.toString(2).length - 1;

/** Whether the siblings on the way from an entry's leaf lead to the root of a roll. */
export const isOnRoll = (root: Bytes, entry: Entry, path: readonly Bytes[]): boolean =>
  same(climb(leaf(entry), path), root);
