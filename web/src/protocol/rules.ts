/** The rules by which officials decide: a quorum, and what an option needs to pass (PROTOCOL §3). */

import { InvalidContent } from "../errors";

/** What a quorum is a part of: the voters on the roll, or their weight. */
export const QUORUM_OF = ["voters", "weight"] as const;
/** The votes for options but the blank one; the weight of all ballots; the weight of the roll. */
export const PASS_OF = ["votes", "ballots", "roll"] as const;

const FORM =
  /^(at least|more than) (?:([0-9]{1,3})(?:\.([0-9]{1,3}))?%|([0-9]{1,3})\/([0-9]{1,3})) of ([a-z]+)$/;

/** A part of a whole that must be reached, or exceeded. */
export interface Rule {
  readonly text: string;
  /** The part, as numerator and denominator. */
  readonly part: readonly [bigint, bigint];
  readonly whole: string;
  /** Whether the part itself is enough. */
  readonly orMore: boolean;
}

/** The rule in a sentence like "more than 2/3 of ballots". */
export function ruleOf(text: string, wholes: readonly string[]): Rule {
  const found = FORM.exec(text);
  const [, words, percent, decimals = "", numerator, denominator, whole = ""] = found ?? [];
  const part: [bigint, bigint] =
    percent === undefined
      ? [BigInt(numerator ?? 0), BigInt(denominator ?? 0)]
      : [BigInt(percent + decimals.padEnd(3, "0")), 100_000n];
  if (!found || !wholes.includes(whole) || part[1] === 0n) {
    throw new InvalidContent(`${JSON.stringify(text)} is not a rule`);
  }
  const orMore = words === "at least";
  const [over, under] = [part[0] > part[1], part[0] === 0n];
  if (orMore ? under || over : over || part[0] === part[1]) {
    throw new InvalidContent(`${JSON.stringify(text)} decides nothing: all reach it, or none can`);
  }
  return { text, part, whole, orMore };
}

/** The fewest of a whole that are enough. */
export function needed(rule: Rule, whole: bigint): bigint {
  const product = rule.part[0] * whole;
  const floor = product / rule.part[1];
  if (!rule.orMore) return floor + 1n;
  return floor * rule.part[1] === product ? floor : floor + 1n;
}

/** Whether so many of the whole are enough. Of nothing, nothing is. */
export const isMet = (rule: Rule, count: bigint, whole: bigint): boolean =>
  whole > 0n && count >= needed(rule, whole);
