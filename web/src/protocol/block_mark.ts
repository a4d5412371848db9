import { type Bytes, same } from "../bytes";

/** The block that data are read at, or the one that holds a ballot. Time is in seconds since 1970. */
export interface BlockMark {
  readonly number: bigint;
  readonly hash: Bytes;
  readonly time: bigint;
}

export const isSame = (one: BlockMark, other: BlockMark): boolean =>
  one.number === other.number && one.time === other.time && same(one.hash, other.hash);

/** Whether both can be blocks of one chain: the first before the second, or the same. */
export function mayPrecede(one: BlockMark, later: BlockMark): boolean {
  if (one.number === later.number) return isSame(one, later);
  return one.number < later.number && one.time <= later.time && !same(one.hash, later.hash);
}
