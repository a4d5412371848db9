/** What a voter has filled in, question by question, before it is a ballot. */

import type { Question, Questions } from "../crypto/questions";

/**
 * An answer as it stands in the form: a text for every option, empty where nothing is given. No
 * option ever begins with one. Options that are chosen have "1".
 */
export interface Answer {
  readonly given: readonly string[];
  /** The voter says that the question gets nothing, where that is allowed. */
  readonly isNothing: boolean;
}

/** How a question is asked: by one field of several, by boxes to tick, or by numbers. */
type Form = "radios" | "boxes" | "scores";

/** What a question allows, with the numbers that its sentence needs. */
interface Rule {
  readonly name: "one" | "any" | "exactly" | "upTo" | "between" | "points" | "scores" | "limited";
  readonly limit: number;
  readonly least: number;
  readonly most: number;
}

/** Why an answer is no answer yet. */
export type Fault =
  /** Nothing is filled in. */
  | { readonly name: "missing" }
  /** The option with this index, from 0, has something that is no score of this question. */
  | { readonly name: "number"; readonly option: number; readonly most: number }
  | { readonly name: "few"; readonly given: number; readonly least: number }
  | { readonly name: "many"; readonly given: number; readonly most: number };

export const unanswered = ({ options }: Question): Answer => ({
  given: Array<string>(options).fill(""),
  isNothing: false,
});

export const allUnanswered = (questions: Questions): Answer[] => questions.items.map(unanswered);

export function formOf({ maxScore, maxTotal }: Question): Form {
  if (maxScore > 1) return "scores";
  return maxTotal === 1 ? "radios" : "boxes";
}

/** Whether a voter may give nothing, and so is asked whether that is meant. */
export const allowsNothing = ({ minTotal }: Question): boolean => minTotal === 0;

export function ruleOf(question: Question): Rule {
  const { options, maxScore: limit, minTotal: least, maxTotal: most } = question;
  const named = (name: Rule["name"]): Rule => ({ name, limit, least, most });
  if (limit > 1) {
    if (least === most && most === limit) return named("points");
    return named(question.provesTotal ? "limited" : "scores");
  }
  if (least === most) return named(most === 1 ? "one" : "exactly");
  if (least > 0) return named("between");
  return named(most === options ? "any" : "upTo");
}

const scoreOf = (text: string): number => (/^\s*[0-9]{1,3}\s*$/.test(text) ? Number(text) : NaN);

/** The score of every option; NaN where the text is none. */
export const scoresOf = ({ given }: Answer): number[] =>
  given.map((each) => (each.trim() ? scoreOf(each) : 0));

/** The points that are given, or the options that are chosen. What is no number counts nothing. */
export const totalOf = (answer: Answer): number =>
  scoresOf(answer).reduce((sum, each) => sum + (each || 0), 0);

/** What keeps an answer from being one; null if nothing does. */
export function faultOf(answer: Answer, question: Question): Fault | null {
  const { maxScore, minTotal: least, maxTotal: most } = question;
  const scores = scoresOf(answer);
  const option = scores.findIndex((each) => !(each <= maxScore));
  if (option >= 0) return { name: "number", option, most: maxScore };
  const given = totalOf(answer);
  if (!given && !answer.isNothing) return { name: "missing" };
  if (given < least) return { name: "few", given, least };
  return given > most ? { name: "many", given, most } : null;
}

/** The index of the first question that is not answered; null if all are. */
export function firstFault(answers: readonly Answer[], questions: Questions): number | null {
  const found = questions.items.findIndex((each, at) => {
    const answer = answers[at];
    return !answer || faultOf(answer, each) !== null;
  });
  return found < 0 ? null : found;
}

/** One option of several is chosen. */
export const chooseOne = ({ given }: Answer, option: number): Answer => ({
  given: given.map((_, at) => (at === option ? "1" : "")),
  isNothing: false,
});

/** An option gets a text. Who gives something does not give nothing. */
export const give = ({ given, isNothing }: Answer, option: number, text: string): Answer => ({
  given: given.map((each, at) => (at === option ? text : each)),
  isNothing: isNothing && !text,
});

/** The voter gives nothing, or takes that back. */
export const giveNothing = ({ given }: Answer, isNothing: boolean): Answer => ({
  given: isNothing ? given.map(() => "") : given,
  isNothing,
});
