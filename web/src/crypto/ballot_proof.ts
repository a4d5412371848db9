/** The validity proof of a whole ballot, under one challenge (PROTOCOL §3, PROOF). */

import type { Bytes } from "../bytes";
import { DegenerateSum, InvalidBallotShape } from "../errors";
import { type Ciphertext, encrypt as encryptScore, Ciphertext as Pair } from "./elgamal";
import {
  FixedBase,
  modN,
  N,
  Point,
  type Scalar,
  type Secret,
  scalarFromOutside,
  timesG,
} from "./group";
import type { Questions } from "./questions";
import { H } from "./second_generator";
import * as sigma from "./sigma";
import * as statements from "./statements";
import * as transcript from "./transcript";

/** An encrypted ballot with its proof. */
export interface Ballot {
  readonly ciphertexts: readonly Ciphertext[];
  /** x, of the whole ballot. */
  readonly challenge: Scalar;
  /** f and z of every choice, in a row. */
  readonly responses: readonly Scalar[];
  /** w. */
  readonly blinding: Scalar;
  /** E_1 … E_{D−1}; E_0 is computed. */
  readonly coefficients: readonly Point[];
}

/** What a ballot hides, and what its audit reveals: m and r of every choice. */
export interface Opening {
  readonly scores: readonly number[];
  readonly randomness: readonly Secret[];
}

/** A ballot from its words in a row, as a poll logs it. */
export function fromWords(words: readonly bigint[], questions: Questions): Ballot {
  if (words.length !== questions.words) throw new InvalidBallotShape(questions.words, words.length);
  const start = 4 * questions.choices;
  const end = start + questions.scalars;
  const points: Point[] = [];
  for (let at = 0; at < words.length; at += 2) {
    if (at === start) at = end;
    if (at >= words.length) break;
    const [x, y] = [words[at] as bigint, words[at + 1] as bigint];
    points.push(Point.fromOutside(x, y, `ballot, word ${at}`));
  }
  return fromParts(points, words.slice(start, end), questions);
}

/** A ballot from its points, which are checked, and the words of its scalars. */
export function fromParts(
  points: readonly Point[],
  scalars: readonly bigint[],
  questions: Questions,
): Ballot {
  const ciphertexts = Array.from(
    { length: questions.choices },
    (_, at) => new Pair(points[2 * at] as Point, points[2 * at + 1] as Point),
  );
  const checked = scalars.map((each, at) => scalarFromOutside(each, `ballot, scalar ${at}`));
  return {
    ciphertexts,
    challenge: checked[0] as Scalar,
    responses: checked.slice(1, -1),
    blinding: checked.at(-1) as Scalar,
    coefficients: points.slice(2 * questions.choices),
  };
}

/** The points of a ballot in their order: A and B of every choice, then E_1 … E_{D−1}. */
export const pointsOf = (ballot: Ballot): Point[] => [
  ...ballot.ciphertexts.flatMap((each) => each.pair),
  ...ballot.coefficients,
];

/** The scalars of a ballot in their order: x, f and z of every choice, w. */
export const scalarsOf = (ballot: Ballot): Scalar[] => [
  ballot.challenge,
  ...ballot.responses,
  ballot.blinding,
];

/** The words of a ballot in a row, as a poll logs it. */
export const wordsOf = (ballot: Ballot): bigint[] => {
  const words = (points: readonly Point[]): bigint[] => points.flatMap(({ x, y }) => [x, y]);
  const ciphertexts = ballot.ciphertexts.flatMap((each) => each.pair);
  return [...words(ciphertexts), ...scalarsOf(ballot), ...words(ballot.coefficients)];
};

function requireShape(ballot: Ballot, questions: Questions): void {
  const { ciphertexts, responses, coefficients } = ballot;
  const fits =
    ciphertexts.length === questions.choices &&
    responses.length === 2 * questions.choices &&
    coefficients.length === questions.degree - 1;
  const words = 4 * ciphertexts.length + responses.length + 2 + 2 * coefficients.length;
  if (!fits) throw new InvalidBallotShape(questions.words, words);
}

/** What a ballot is checked against, or proven for. */
export interface BallotContext {
  readonly questions: Questions;
  readonly key: Point;
  readonly tracker: Bytes;
}

/** Builds the tables that ballots for a key are made with, while the voter still reads. */
export function getReady(key: Point): void {
  for (const each of [key, H]) FixedBase.of(each);
}

/** The ciphertexts of a vote, and what opens them. `place` binds the randomness. */
export function encrypt(
  scores: readonly number[],
  context: Omit<BallotContext, "tracker">,
  place: Bytes,
): { ciphertexts: Ciphertext[]; opening: Opening } {
  context.questions.requireScores(scores);
  const randomness = sigma.randomness(place, scores);
  const ciphertexts = randomness.map((r, at) => encryptScore(context.key, scores[at] as number, r));
  Point.settle(ciphertexts.flatMap((each) => each.pair));
  return { ciphertexts, opening: { scores: [...scores], randomness } };
}

// -- Verify --

/** Accepts the ballot, or throws the first refusal of PROTOCOL §7. */
export function verify(ballot: Ballot, context: BallotContext): void {
  const { questions, tracker } = context;
  requireShape(ballot, questions);
  const tau = scalarFromOutside(transcript.statementFactor(tracker), "factor");
  const opened = open(ballot, context.key);
  const last = sumUp(ballot, tau, questions);
  Point.settle([...opened.flat(), last]);
  const computed = transcript.ballotChallenge(
    tracker,
    opened.map(([a, b]) => [a.address, b] as const),
    [last, ...ballot.coefficients],
  );
  sigma.requireChallenge(ballot.challenge, computed);
}

/** a = z·G − x·A and b = U + V of every choice k, where U = (f − k·x²)·G + z·Y, V = k·x²·G − x·B. */
function open(ballot: Ballot, key: Point): [Point, Point][] {
  const x = ballot.challenge;
  const fixed = FixedBase.of(key);
  const square = timesG(modN(x * x));
  const bases = ballot.ciphertexts.flatMap((each) => each.pair);
  const products = Point.multiples(bases, N - x);
  let offset = timesG(0n);
  return ballot.ciphertexts.map((_, k) => {
    const [f, z] = [ballot.responses[2 * k] as Scalar, ballot.responses[2 * k + 1] as Scalar];
    const a = sigma.requireFinite(timesG(z).plus(products[2 * k] as Point), k);
    if (k > 0) offset = offset.plus(square);
    const u = timesG(f).plus(fixed.times(z)).minus(offset);
    const v = offset.plus(products[2 * k + 1] as Point);
    return [a, sigma.joinedParts(u, v, k)];
  });
}

/** E_0 by Horner's rule: E_j + x·S down to E_1, then P(x)·G + w·H − x·S. */
function sumUp(ballot: Ballot, tau: Scalar, questions: Questions): Point {
  const x = ballot.challenge;
  let sum = ballot.coefficients.at(-1) as Point;
  let index = questions.choices;
  for (let j = ballot.coefficients.length - 2; j >= 0; j--) {
    sum = sigma.joinedParts(ballot.coefficients[j] as Point, multiple(sum, x, index), index);
    index++;
  }
  const answers = ballot.responses.filter((_, at) => at % 2 === 0);
  const value = statements.value(answers, x, tau, questions);
  const blinded = timesG(value).plus(FixedBase.of(H).times(ballot.blinding));
  return sigma.joinedParts(blinded, multiple(sum, N - x, index), index);
}

/** The multiple of a sum, which ecrecover must be able to compute. */
function multiple(sum: Point, factor: Scalar, index: number): Point {
  if (sum.x >= N) throw new DegenerateSum(index);
  return sum.times(factor);
}

// -- Prove --

/** The ballot with these ciphertexts, whose opening must be allowed by the questions. */
export function prove(
  ciphertexts: readonly Ciphertext[],
  opening: Opening,
  context: BallotContext,
): Ballot {
  const { questions, key, tracker } = context;
  questions.requireScores(opening.scores);
  const tau = scalarFromOutside(transcript.statementFactor(tracker), "factor");
  const nonces = draw(opening, questions, tracker);
  // all statements hold, so that the highest coefficient is 0
  const hidden = statements.polynomial(nonces.alpha, opening.scores, tau, questions).slice(0, -1);
  const second = FixedBase.of(H);
  const coefficients = hidden.map((e, j) =>
    timesG(e).plus(second.times(nonces.sigma[j] as Scalar)),
  );
  const fixed = FixedBase.of(key);
  const commitments = nonces.rho.map(
    (rho, k) => [timesG(rho), timesG(nonces.alpha[k] as Scalar).plus(fixed.times(rho))] as const,
  );
  Point.settle([...coefficients, ...commitments.flat()]);
  const hashed = commitments.map(([a, b]) => [a.address, b] as const);
  const x = transcript.ballotChallenge(tracker, hashed, coefficients);
  return {
    ciphertexts,
    challenge: x,
    responses: opening.scores.flatMap((score, k) => [
      modN((nonces.alpha[k] as Scalar) + x * BigInt(score)),
      modN((nonces.rho[k] as Scalar) + x * (opening.randomness[k] as Secret).reveal()),
    ]),
    blinding: nonces.sigma.reduceRight((sum, each) => modN(sum * x + each), 0n),
    coefficients: coefficients.slice(1),
  };
}

/** The nonces of a ballot's proof: ρ and α of every choice, σ of every coefficient. */
interface Nonces {
  readonly rho: readonly Scalar[];
  readonly alpha: readonly Scalar[];
  readonly sigma: readonly Scalar[];
}

/** Fresh nonces, each bound to its place: tracker, kind and index (PROTOCOL §1). */
function draw(opening: Opening, questions: Questions, tracker: Bytes): Nonces {
  const nonce = (secret: Secret, kind: number, index: number): Scalar =>
    sigma.nonce(secret, transcript.statementHash(tracker, kind, index));
  const first = opening.randomness[0] as Secret;
  return {
    rho: opening.randomness.map((secret, index) => nonce(secret, 0, index)),
    alpha: opening.randomness.map((secret, index) => nonce(secret, 1, index)),
    sigma: Array.from({ length: questions.degree }, (_, index) => nonce(first, 2, index)),
  };
}
