/** What the page and its workers tell each other. All of it can be cloned. */

import type { Bytes } from "../bytes";
import { Ciphertext } from "../crypto/elgamal";
import { Point } from "../crypto/group";
import type { Fault, Findings } from "../observer/ballots";
import type { Scores } from "../protocol/content";
import type { LoggedBallot } from "../protocol/logged_ballot";
import type { Check, Verdict } from "../trust/report";

/** What is to be verified: a record, or a poll that nodes show. */
export type Source =
  | { readonly kind: "record"; readonly file: Blob }
  | { readonly kind: "nodes"; readonly urls: readonly string[]; readonly poll: string };

/** To a worker: to examine what comes through a port, or to verify with the help of such workers. */
export type Task =
  | { readonly kind: "examine"; readonly port: MessagePort }
  | {
      readonly kind: "verify";
      readonly source: Source;
      /** The poll hash that was told; null if none was. */
      readonly expect: Bytes | null;
      readonly helpers: readonly MessagePort[];
    };

/** From the worker that verifies. */
export type News =
  | { readonly kind: "check"; readonly check: Check }
  | { readonly kind: "progress"; readonly ballots: number }
  | {
      readonly kind: "done";
      readonly verdict: Verdict;
      readonly title: string | null;
      readonly pollHash: string | null;
      /** Null unless every check passed and there is a result. */
      readonly result: readonly Scores[] | null;
    }
  /** There is no verdict: what is to be verified cannot be read. */
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

/** To a helper: ballots, with the definition of their poll as a JSON document. */
export interface Job {
  readonly poll: string;
  readonly ballots: readonly LoggedBallot[];
}

type Coordinates = readonly [ax: bigint, ay: bigint, bx: bigint, by: bigint];

/** From a helper. */
export type Answer =
  | {
      readonly kind: "findings";
      readonly faults: readonly Fault[];
      readonly sums: readonly Coordinates[];
    }
  | { readonly kind: "malformed"; readonly message: string }
  | { readonly kind: "broken"; readonly message: string };

export const answerOf = ({ faults, sums }: Findings): Answer => ({
  kind: "findings",
  faults,
  sums: sums.map(({ a, b }) => [a.x, a.y, b.x, b.y]),
});

export const sumsOf = (sums: readonly Coordinates[]): Ciphertext[] =>
  sums.map(([ax, ay, bx, by]) => new Ciphertext(Point.fromWords(ax, ay), Point.fromWords(bx, by)));
