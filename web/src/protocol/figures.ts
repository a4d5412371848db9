/**
 * What a result says to people: votes and parts, means, turnout, who has most, what passes. All of it
 * follows from the scores that the contract has proven, the poll's texts and the roll.
 */

import type { Question } from "../crypto/questions";
import type { Content, QuestionTexts } from "./content";
import { isMet, needed, type Rule } from "./rules";

/** A part of a whole that is not 0. */
export type Part = readonly [part: bigint, whole: bigint];

/** How many took part. */
export interface Turnout {
  readonly voters: bigint;
  /** Voters on the roll; null if it is not known. */
  readonly onRoll: bigint | null;
  readonly weight: bigint;
  readonly totalWeight: bigint;
}

/** What an option gets: votes, points (of a number that all ballots give), or a score. */
type Unit = "votes" | "points" | "score";

export interface OptionFigures {
  readonly option: string;
  readonly score: bigint;
  /** The part of the whole that it got; null if there is no whole, or it is 0. */
  readonly part: Part | null;
  /** The mean that ballots gave it, by weight, as a part of 1; null unless ballots give scores. */
  readonly mean: Part | null;
  readonly isBlank: boolean;
  /** Whether it got most; so have all of a tie. A blank vote never has. */
  readonly hasMost: boolean;
  /** Whether it reaches what officials asked for; null if they asked for nothing. */
  readonly passes: boolean | null;
}

export interface QuestionFigures {
  readonly question: string;
  readonly unit: Unit;
  /**
   * What the parts are parts of: all votes or points where their number is the same for every ballot,
   * or at most one; the ballots, by weight, if a voter may give several. Null if there are means.
   */
  readonly partsOf: "votes" | "points" | "ballots" | null;
  readonly options: readonly OptionFigures[];
  /** What an option needs to pass; null if the result only tells the scores. */
  readonly rule: RuleFigures | null;
}

/** A rule, what it needs, and of how many. */
interface RuleFigures {
  readonly rule: Rule;
  readonly needed: bigint;
  readonly whole: bigint;
}

export interface Quorum extends RuleFigures {
  readonly isMet: boolean;
}

/** The figures of a question's result. */
export function figuresOf(
  texts: QuestionTexts,
  limits: Question,
  scores: readonly bigint[],
  turnout: Turnout,
): QuestionFigures {
  const total = scores.reduce((sum, each) => sum + each, 0n);
  const blank = texts.blank === null ? -1 : texts.options.indexOf(texts.blank);
  const blanks = scores[blank] ?? 0n;
  const unit = unitOf(limits);
  const partsOf = partsOfA(unit, limits);
  const whole = partsOf === "ballots" ? turnout.weight : total;
  const most = largest(scores.filter((_, at) => at !== blank));
  const rule =
    texts.passes && ruleFigures(texts.passes, wholeOf(texts.passes, turnout, total - blanks));
  const options = texts.options.map((option, at) => {
    const score = scores[at] ?? 0n;
    const isBlank = at === blank;
    return {
      option,
      score,
      part: partsOf && whole ? ([score, whole] as const) : null,
      mean: !partsOf && turnout.weight ? ([score, turnout.weight] as const) : null,
      isBlank,
      hasMost: !isBlank && score === most && most > 0n,
      passes: rule && !isBlank && isMet(rule.rule, score, rule.whole),
    };
  });
  return { question: texts.text, unit, partsOf, options, rule };
}

/** Whether enough took part, and how many that is; null if it needs a number that is not known. */
export function quorumOf(texts: Content, turnout: Turnout): Quorum | null {
  const rule = texts.quorum;
  if (!rule) return null;
  const isOfWeight = rule.whole === "weight";
  const [count, whole] = isOfWeight
    ? [turnout.weight, turnout.totalWeight]
    : [turnout.voters, turnout.onRoll];
  return whole === null ? null : { ...ruleFigures(rule, whole), isMet: isMet(rule, count, whole) };
}

/** The largest of scores; 0 if there are none. */
export function largest(scores: readonly bigint[]): bigint {
  let found = 0n;
  for (const each of scores) if (each > found) found = each;
  return found;
}

const unitOf = ({ maxScore, minTotal, maxTotal }: Question): Unit =>
  maxScore === 1 ? "votes" : minTotal === maxTotal ? "points" : "score";

function partsOfA(unit: Unit, { maxTotal }: Question): QuestionFigures["partsOf"] {
  if (unit === "score") return null;
  return unit === "points" || maxTotal === 1 ? unit : "ballots";
}

/** The number that a rule asks for a part of. */
function wholeOf(rule: Rule, turnout: Turnout, votes: bigint): bigint {
  if (rule.whole === "roll") return turnout.totalWeight;
  return rule.whole === "ballots" ? turnout.weight : votes;
}

const ruleFigures = (rule: Rule, whole: bigint): RuleFigures => ({
  rule,
  needed: needed(rule, whole),
  whole,
});
