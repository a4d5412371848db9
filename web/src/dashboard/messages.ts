/** What the page and its workers tell each other. All of it can be cloned. */

import type { Bytes } from "../bytes";
import type { MadeBlock } from "../chain/node";
import { Ciphertext } from "../crypto/elgamal";
import { Point } from "../crypto/group";
import type { Fault, Findings } from "../observer/ballots";
import type { Address } from "../protocol/addresses";
import type { LoggedBallot } from "../protocol/logged_ballot";
import type { Check, Verdict } from "../trust/report";
import type { CataloguePoll, Said, Shown } from "./shown";

/** What is to be verified: a record, which nodes may confirm; or a poll that nodes show. */
export interface Source {
  readonly file: File | null;
  /** URLs of nodes or relays. A record needs none. */
  readonly urls: readonly string[];
  /** The poll's address; null for the one in the record. */
  readonly poll: Address | null;
  /** The chain that the poll was said to be on; null if nobody said. */
  readonly chainId: bigint | null;
  /** The poll hash that was told; null if none was. */
  readonly told: Bytes | null;
  /** The officials' catalogue, if the reader names it. */
  readonly catalogue: Address | null;
}

/** To a worker: to examine what comes through a port, or to observe with the help of such workers. */
export type Task =
  | { readonly kind: "examine"; readonly port: MessagePort }
  | { readonly kind: "observe"; readonly source: Source; readonly helpers: readonly MessagePort[] }
  | { readonly kind: "find"; readonly tracker: Bytes }
  | { readonly kind: "catalogue" }
  | { readonly kind: "makers" };

/** A look at the whole poll. */
export interface Look {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly shown: Shown;
  /** Whether it is the last: nothing more can happen to the poll, or a check failed. */
  readonly isLast: boolean;
  /** Whether blocks were replaced, so that all ballots were counted again. */
  readonly isReorganised: boolean;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** What becomes of a tracker in a poll that was checked. */
export type Fate =
  | { readonly kind: "counted"; readonly voter: Address }
  | { readonly kind: "replaced"; readonly voter: Address; readonly by: Bytes }
  | { readonly kind: "absent" };

/** What became of the ballot with a tracker, at the block of a look. */
export interface Finding {
  readonly tracker: Bytes;
  readonly block: bigint;
  readonly fate: Fate | Failure;
}

/** From the worker that observes. */
export type News =
  | { readonly kind: "check"; readonly check: Check }
  /** What node or file say of the poll, before anything is checked. */
  | { readonly kind: "said"; readonly said: Said }
  | { readonly kind: "progress"; readonly ballots: number }
  | { readonly kind: "blocks"; readonly done: bigint; readonly whole: bigint }
  | ({ readonly kind: "look" } & Look)
  /** There is no verdict: what is to be verified cannot be read. */
  | ({ readonly kind: "failed" } & Failure)
  /** A look was not possible; another one follows. */
  | ({ readonly kind: "lost" } & Failure)
  /** No new block has come for so many seconds; null once one has come. */
  | { readonly kind: "still"; readonly seconds: number | null }
  | { readonly kind: "found"; readonly finding: Finding }
  | { readonly kind: "catalogue"; readonly polls: readonly CataloguePoll[] | Failure }
  | { readonly kind: "makers"; readonly blocks: readonly MadeBlock[] | Failure };

// -- Helpers --

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
