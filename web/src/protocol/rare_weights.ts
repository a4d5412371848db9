/** Weights that too few voters share to hide in the result (PROTOCOL §6). */

/**
 * The weights that fewer voters than a result needs share, the largest first, with the number of these
 * voters. None is rare if all are equal: then the poll's own minimum is enough.
 */
export function rareWeights(weights: readonly bigint[], fewest: bigint): [bigint, number][] {
  const voters = new Map<bigint, number>();
  for (const each of weights) voters.set(each, (voters.get(each) ?? 0) + 1);
  if (voters.size === 1) return [];
  return [...voters]
    .filter(([, count]) => BigInt(count) < fewest)
    .sort(([one], [other]) => (one < other ? 1 : -1));
}
