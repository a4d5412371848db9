/** Everything that defines a poll, and the hash of it (PROTOCOL §3). */

import { type Bytes, hex, utf8 } from "../bytes";
import type { Point } from "../crypto/group";
import { keccak } from "../crypto/keccak";
import { Questions } from "../crypto/questions";
import * as transcript from "../crypto/transcript";
import { InvalidTimes, InvalidTotalWeight, TooFewVoters } from "../errors";
import type { Address } from "./addresses";
import type { Writable } from "./json";
import { type Form, point } from "./plain";

/** What a result's scores, a poll's close and its minimum of voters stay below. */
export const LIMIT = 2n ** 40n;

/** What a poll is published with; times are seconds since 1970. */
interface PollTerms {
  readonly chainId: bigint;
  readonly address: Address;
  readonly board: Address;
  readonly boardHash: Bytes;
  /** Y, the board's encryption key. */
  readonly key: Point;
  readonly rollRoot: Bytes;
  readonly totalWeight: bigint;
  readonly opens: bigint;
  readonly closes: bigint;
  readonly minVoters: bigint;
  /** The poll's texts, as the JSON document that stands on chain. */
  readonly content: string;
  readonly questions: Questions;
}

export interface PollDefinition extends PollTerms {
  /** The hash of all of this, 32 bytes. */
  readonly hash: Bytes;
}

export function define(terms: PollTerms): PollDefinition {
  const hash = transcript.pollHash({
    ...terms,
    poll: BigInt(terms.address),
    board: BigInt(terms.board),
    contentHash: keccak(utf8(terms.content)),
    questions: terms.questions.limits,
  });
  return { ...terms, hash };
}

/** Refuses terms that no poll of a board with this minimum of voters can have, whatever the time. */
export function requireSound(poll: PollDefinition, atLeast: bigint): void {
  if (!(poll.opens < poll.closes && poll.closes < LIMIT)) {
    throw new InvalidTimes(poll.opens, poll.opens, poll.closes);
  }
  if (!(atLeast <= poll.minVoters && poll.minVoters < LIMIT)) {
    throw new TooFewVoters(atLeast, poll.minVoters);
  }
  const largest = poll.totalWeight * BigInt(poll.questions.maxScore);
  if (!(largest > 0n && largest < LIMIT)) {
    throw new InvalidTotalWeight(poll.totalWeight, poll.questions.maxScore);
  }
}

/** The definition as plain data, with the hash that is said to be its own. */
export const toPlain = (poll: PollDefinition, hash = poll.hash): Record<string, Writable> => ({
  chainId: poll.chainId,
  address: poll.address,
  board: poll.board,
  boardHash: hex(poll.boardHash),
  key: point(poll.key),
  rollRoot: hex(poll.rollRoot),
  totalWeight: poll.totalWeight,
  opens: poll.opens,
  closes: poll.closes,
  minVoters: poll.minVoters,
  content: poll.content,
  questions: poll.questions.limits,
  pollHash: hex(hash),
});

/** The definition in plain data; the hash in them is not read. */
export const fromPlain = (form: Form): PollDefinition =>
  define({
    chainId: form.number("chainId"),
    address: form.address("address"),
    board: form.address("board"),
    boardHash: form.data("boardHash", 32),
    key: form.point("key"),
    rollRoot: form.data("rollRoot", 32),
    totalWeight: form.number("totalWeight"),
    opens: form.number("opens"),
    closes: form.number("closes"),
    minVoters: form.number("minVoters"),
    content: form.text("content"),
    questions: Questions.of(form.lists("questions", 4)),
  });
