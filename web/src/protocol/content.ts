/** The texts of a poll: title, description, questions and options (PROTOCOL §3). */

import type { Question, Questions } from "../crypto/questions";
import { InvalidContent } from "../errors";
import { quoted } from "./characters";
import type { Json, JsonObject } from "./json";
import { PASS_OF, QUORUM_OF, type Rule, ruleOf } from "./rules";
import { documentOf, listed, readable, requireDistinct } from "./texts";

const WHAT = "this poll's texts are not a JSON document with title, description and questions";

/** A question and its options, as voters read them. */
export interface QuestionTexts {
  readonly text: string;
  readonly options: readonly string[];
  /** What an option needs to pass; null if the result only tells the scores. */
  readonly passes: Rule | null;
  /** The option that means "none of them", which never leads nor passes; null if there is none. */
  readonly blank: string | null;
}

export interface Content {
  readonly title: string;
  readonly description: string;
  readonly questions: readonly QuestionTexts[];
  readonly quorum: Rule | null;
}

/** The score of every option, by question. */
export interface Scores {
  readonly question: string;
  readonly options: readonly (readonly [option: string, score: bigint])[];
}

/** The texts in the document that stands on chain. */
export function decode(content: string, questions: Questions): Content {
  const raw = documentOf(content, WHAT);
  const texts = {
    title: readable(required(raw, "title")),
    description: readable(required(raw, "description"), true),
    questions: listed(required(raw, "questions")).map(questionTexts),
    quorum: rule(raw, "quorum", QUORUM_OF),
  };
  requireFit(texts, questions);
  return texts;
}

function required(fields: JsonObject, field: string): Json {
  const found = fields.get(field);
  if (found === undefined) throw new InvalidContent(WHAT);
  return found;
}

function questionTexts(fields: Json): QuestionTexts {
  if (!(fields instanceof Map)) throw new InvalidContent(WHAT);
  return {
    text: readable(required(fields, "text")),
    options: listed(required(fields, "options")).map((each) => readable(each)),
    passes: rule(fields, "passes", PASS_OF),
    blank: fields.has("blank") ? readable(fields.get("blank")) : null,
  };
}

const rule = (fields: JsonObject, field: string, wholes: readonly string[]): Rule | null =>
  fields.has(field) ? ruleOf(readable(fields.get(field)), wholes) : null;

/** Refuses texts that do not fit the questions, or one of which stands there twice. */
function requireFit(texts: Content, questions: Questions): void {
  const expected = questions.items.map((each) => each.options);
  const found = texts.questions.map((each) => each.options.length);
  if (found.join() !== expected.join()) {
    throw new InvalidContent(
      `the texts do not fit questions with [${expected.join(", ")}] options`,
    );
  }
  const names = texts.questions.map((each) => each.text);
  requireDistinct(names, "questions");
  for (const [index, each] of texts.questions.entries()) {
    requireQuestionFits(each, questions.items[index] as Question);
  }
}

function requireQuestionFits(texts: QuestionTexts, limits: Question): void {
  const name = quoted(texts.text);
  requireDistinct(texts.options, `options of ${name}`);
  if (texts.passes && limits.maxScore > 1) {
    throw new InvalidContent(`${name} has scores, so no option can pass by votes`);
  }
  if (texts.blank !== null && !texts.options.includes(texts.blank)) {
    throw new InvalidContent(`${name} has no option ${quoted(texts.blank)}, its blank vote`);
  }
}

/** The score of every option, by question, from those of all choices in order. */
export function byText(texts: Content, scores: readonly bigint[]): Scores[] {
  let at = 0;
  return texts.questions.map((each) => ({
    question: each.text,
    options: each.options.map((option) => [option, scores[at++] ?? 0n] as const),
  }));
}
