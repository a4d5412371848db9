/** What the page's cryptography takes, in milliseconds: the shortest of several runs each. */

import {
  type Ballot,
  type BallotContext,
  encrypt,
  prove,
  verify,
} from "../src/crypto/ballot_proof";
import { timesG } from "../src/crypto/group";
import { Questions } from "../src/crypto/questions";

const PLACE = new Uint8Array(32).fill(5);

export interface Figures {
  readonly first: number;
  readonly prepare5: number;
  readonly prepare60: number;
  readonly verify5: number;
}

declare global {
  var measure: () => Figures;
}

function shortest(times: number, run: () => unknown): number {
  let found = Number.POSITIVE_INFINITY;
  for (let count = 0; count < times; count++) {
    const begun = performance.now();
    run();
    found = Math.min(found, performance.now() - begun);
  }
  return Math.round(found * 100) / 100;
}

function prepared(scores: readonly number[], context: BallotContext): Ballot {
  const { ciphertexts, opening } = encrypt(scores, context, PLACE);
  return prove(ciphertexts, opening, context);
}

globalThis.measure = () => {
  const tracker = new Uint8Array(32).fill(6);
  const key = timesG(123456789n);
  const five = { questions: Questions.of([[5n, 1n, 1n, 1n]]), key, tracker };
  const sixty = { questions: Questions.of([[60n, 1n, 1n, 1n]]), key, tracker };
  const [one, other] = [
    [0, 0, 1, 0, 0],
    [...Array<number>(59).fill(0), 1],
  ];
  const first = shortest(1, () => prepared(one, five));
  const ballot = prepared(one, five);
  return {
    first,
    prepare5: shortest(30, () => prepared(one, five)),
    prepare60: shortest(8, () => prepared(other, sixty)),
    verify5: shortest(60, () => verify(ballot, five)),
  };
};
