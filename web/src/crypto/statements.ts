/**
 * What a ballot shows of its scores, as one polynomial (PROTOCOL §3):
 *
 *     P(X) = Σ_i τ^i · X^(D − d_i) · Π_{v = lo_i..hi_i} (line_i(X) − v·X)
 */

import { modN, N, type Scalar } from "./group";
import type { Questions } from "./questions";

/** The choices start..end that a statement is about, and the values lo..hi of their sum. */
interface Statement {
  readonly start: number;
  readonly end: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Of each choice, then of each total that is proven. */
function statements(questions: Questions): Statement[] {
  const choices = questions.places.flatMap(({ question, start }) =>
    Array.from({ length: question.options }, (_, at) => ({
      start: start + at,
      end: start + at + 1,
      lowest: 0,
      highest: question.maxScore,
    })),
  );
  const totals = questions.places
    .filter(({ question }) => question.provesTotal)
    .map(({ question, start, end }) => ({
      start,
      end,
      lowest: question.minTotal,
      highest: question.maxTotal,
    }));
  return [...choices, ...totals];
}

const sum = (values: readonly bigint[]): bigint => values.reduce((all, each) => all + each, 0n);

/** P(x). `answers` are the lines of every choice at x: f. */
export function value(
  answers: readonly Scalar[],
  x: Scalar,
  tau: Scalar,
  questions: Questions,
): Scalar {
  const powers = [1n];
  while (powers.length <= questions.degree) powers.push(modN((powers.at(-1) as bigint) * x));
  let found = 0n;
  let factor = 1n;
  for (const { start, end, lowest, highest } of statements(questions)) {
    const line = sum(answers.slice(start, end));
    let term = (factor * (powers[questions.degree - (highest - lowest + 1)] as bigint)) % N;
    for (let v = lowest; v <= highest; v++) term = modN(term * (line - BigInt(v) * x));
    found += term;
    factor = (factor * tau) % N;
  }
  return modN(found);
}

/** The coefficients of P from the lowest, D + 1 of them: the last is 0 if all statements hold. */
export function polynomial(
  blinding: readonly Scalar[],
  scores: readonly number[],
  tau: Scalar,
  questions: Questions,
): Scalar[] {
  const found = Array<bigint>(questions.degree + 1).fill(0n);
  let factor = 1n;
  for (const { start, end, lowest, highest } of statements(questions)) {
    const alpha = sum(blinding.slice(start, end));
    const score = sum(scores.slice(start, end).map(BigInt));
    let term = [factor];
    for (let v = lowest; v <= highest; v++) term = product(term, alpha, score - BigInt(v));
    const offset = questions.degree - (highest - lowest + 1);
    for (const [at, each] of term.entries())
      found[offset + at] = (found[offset + at] as bigint) + each;
    factor = (factor * tau) % N;
  }
  return found.map(modN);
}

/** A polynomial times α + slope·X. */
function product(of: readonly bigint[], alpha: bigint, slope: bigint): bigint[] {
  return Array.from({ length: of.length + 1 }, (_, at) =>
    modN(alpha * (of[at] ?? 0n) + slope * (at ? (of[at - 1] as bigint) : 0n)),
  );
}
