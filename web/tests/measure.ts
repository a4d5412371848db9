/** What the page's cryptography takes, in milliseconds: the shortest of several runs each. */

import {
  type Ballot,
  type BallotContext,
  encrypt,
  getReady,
  prove,
  verify,
} from "../src/crypto/ballot_proof";
import { timesG } from "../src/crypto/group";
import { Questions } from "../src/crypto/questions";

const PLACE = new Uint8Array(32).fill(5);

/** What the first ballot of a page takes, and what it takes to get ready for it; 0 if it does not. */
export interface First {
  readonly ready: number;
  readonly first: number;
}

export interface Figures {
  readonly prepare5: number;
  readonly prepare60: number;
  readonly verify5: number;
}

declare global {
  var measureFirst: (getsReady: boolean) => First;
  var measure: () => Figures;
}

const tracker = new Uint8Array(32).fill(6);
const key = timesG(123456789n);
const five = { questions: Questions.of([[5n, 1n, 1n, 1n]]), key, tracker };
const sixty = { questions: Questions.of([[60n, 1n, 1n, 1n]]), key, tracker };
const ONE = [0, 0, 1, 0, 0];
const OTHER = [...Array<number>(59).fill(0), 1];

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

globalThis.measureFirst = (getsReady) => ({
  ready: getsReady ? shortest(1, () => getReady(key)) : 0,
  first: shortest(1, () => prepared(ONE, five)),
});

globalThis.measure = () => {
  const ballot = prepared(ONE, five);
  return {
    prepare5: shortest(30, () => prepared(ONE, five)),
    prepare60: shortest(8, () => prepared(OTHER, sixty)),
    verify5: shortest(60, () => verify(ballot, five)),
  };
};
