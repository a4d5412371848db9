/** What the questions of a poll let a voter give (PROTOCOL §3). */

import { InvalidQuestions, InvalidScores } from "../errors";

export const MAX_CHOICES = 60;
/** Maximum values of a score, or of a total that is proven. */
const MAX_VALUES = 101;

/** Limits: 0..maxScore for each option, minTotal..maxTotal for all together. */
export class Question {
  readonly options: number;
  readonly maxScore: number;
  readonly minTotal: number;
  readonly maxTotal: number;

  constructor([options, maxScore, minTotal, maxTotal]: Limits) {
    this.options = options;
    this.maxScore = maxScore;
    this.minTotal = minTotal;
    this.maxTotal = maxTotal;
  }

  /** The four numbers, as they are hashed. */
  get limits(): Limits {
    return [this.options, this.maxScore, this.minTotal, this.maxTotal];
  }

  /** Whether a ballot proves the total: it does not where it can be nothing else. */
  get provesTotal(): boolean {
    return this.minTotal !== 0 || this.maxTotal !== this.options * this.maxScore;
  }

  /** The most values that a statement about this question allows: d. */
  get degree(): number {
    const totals = this.provesTotal ? this.maxTotal - this.minTotal + 1 : 0;
    return Math.max(this.maxScore + 1, totals);
  }

  /** The limit that scores break, in words, with how many are given and never which. */
  fault(scores: readonly number[]): string {
    if (!scores.every((each) => Number.isInteger(each) && each >= 0 && each <= this.maxScore)) {
      return `a score is not in 0 to ${this.maxScore}`;
    }
    const total = scores.reduce((sum, each) => sum + each, 0);
    if (this.minTotal <= total && total <= this.maxTotal) return "";
    const [what, given] = this.maxScore === 1 ? ["option", "chosen"] : ["point", "given"];
    const said = total === 1 ? `1 ${what} is` : `${total} ${what}s are`;
    const least = this.minTotal === this.maxTotal ? "" : `${this.minTotal} to `;
    return `${said} ${given}, not ${least}${this.maxTotal}`;
  }
}

type Limits = readonly [number, number, number, number];

/** A question, where its options begin among the choices, and where they end. */
interface Place {
  readonly question: Question;
  readonly start: number;
  readonly end: number;
}

/** The questions of a poll, in order. All options of all questions are the poll's choices. */
export class Questions {
  readonly items: readonly Question[];

  private constructor(items: readonly Question[]) {
    this.items = items;
  }

  /** Questions from their limits; numbers of up to 256 bits may come from outside. */
  static of(limits: readonly (readonly bigint[])[]): Questions {
    for (const [index, each] of limits.entries()) {
      if (!isPossible(each)) throw new InvalidQuestions(index);
    }
    const found = new Questions(limits.map((each) => new Question(each.map(Number) as never)));
    if (found.choices < 1 || found.choices > MAX_CHOICES) {
      const reason = `${found.choices} choices, where a poll has 1..${MAX_CHOICES}`;
      throw new InvalidQuestions(limits.length, reason);
    }
    return found;
  }

  get limits(): Limits[] {
    return this.items.map((each) => each.limits);
  }

  get choices(): number {
    return this.items.reduce((total, each) => total + each.options, 0);
  }

  /** The maximum number of values that a statement of a ballot allows: D. */
  get degree(): number {
    return Math.max(...this.items.map((each) => each.degree));
  }

  get maxScore(): number {
    return Math.max(...this.items.map((each) => each.maxScore));
  }

  /** How many words a ballot has: two for a point, one for a scalar. */
  get words(): number {
    return 2 * this.points + this.scalars;
  }

  /** How many points a ballot has: A and B of every choice, E_1 … E_{D−1}. */
  get points(): number {
    return 2 * this.choices + this.degree - 1;
  }

  /** How many scalars a ballot has: x, f and z of every choice, w. */
  get scalars(): number {
    return 2 * this.choices + 2;
  }

  get places(): Place[] {
    let start = 0;
    return this.items.map((question) => {
      const place = { question, start, end: start + question.options };
      start = place.end;
      return place;
    });
  }

  /** Refuses scores that no ballot of this poll can have. */
  requireScores(scores: readonly number[], names: readonly string[] = []): void {
    if (scores.length !== this.choices) {
      throw new InvalidScores(`a ballot gives a score to each of ${this.choices} choices`);
    }
    for (const [index, { question, start, end }] of this.places.entries()) {
      const fault = question.fault(scores.slice(start, end));
      if (fault) throw new InvalidScores(fault, names[index] ?? `question ${index + 1}`);
    }
  }
}

function isPossible(limits: readonly bigint[]): boolean {
  const [options = 0n, maxScore = 0n, minTotal = 0n, maxTotal = 0n] = limits;
  if (options < 1n || options > MAX_CHOICES || maxScore < 1n || maxScore >= MAX_VALUES)
    return false;
  if (!(minTotal >= 0n && minTotal <= maxTotal && maxTotal <= options * maxScore)) return false;
  const provesTotal = minTotal !== 0n || maxTotal !== options * maxScore;
  return !provesTotal || maxTotal - minTotal < MAX_VALUES;
}
