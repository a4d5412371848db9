/** The terms that boards and polls carry behind their code, ABI-encoded (PROTOCOL §2). */

import { type Bytes, bytesOfNumber, joined, numberOf, same, utf8 } from "../bytes";
import type { Address } from "../protocol/addresses";
import type { BoardDefinition } from "../protocol/board";
import type { PollDefinition } from "../protocol/definition";

const WORD = 32;

const words = (...values: (bigint | number | Bytes)[]): Bytes =>
  joined(values.map((each) => (each instanceof Uint8Array ? each : bytesOfNumber(BigInt(each)))));

/** The terms of a poll that a catalogue made in a block. */
function ofPoll(poll: PollDefinition, catalogue: Address, block: bigint): Bytes {
  const limits = poll.questions.limits;
  const head = words(5 * WORD, poll.key.x, poll.key.y, BigInt(catalogue), block);
  const rules = [poll.rollRoot, poll.totalWeight, poll.opens, poll.closes, poll.minVoters];
  const terms = words(BigInt(poll.board), ...rules, 7 * WORD);
  return joined([head, terms, words(limits.length, ...limits.flat())]);
}

/** The terms of a board that a catalogue made in a block. */
function ofBoard(board: BoardDefinition, catalogue: Address, block: bigint): Bytes {
  const { threshold, minVoters, dealBy, confirmBy, trustees, content } = board.terms;
  const text = utf8(content);
  const padded = new Uint8Array(Math.ceil(text.length / WORD) * WORD);
  padded.set(text);
  const listed = trustees.flatMap(({ account, sealingKey }) => [
    BigInt(account),
    sealingKey.x,
    sealingKey.y,
  ]);
  const behind = 6 * WORD + WORD * (1 + listed.length);
  const terms = words(threshold, minVoters, dealBy, confirmBy, 6 * WORD, behind);
  const head = words(3 * WORD, BigInt(catalogue), block);
  return joined([head, terms, words(trustees.length, ...listed), words(text.length), padded]);
}

/** The word with this index; 0 behind the end. */
const wordAt = (data: Bytes, index: number): bigint =>
  numberOf(data.slice(WORD * index, WORD * (index + 1)));

/** Whether terms are those of a poll that a catalogue made in any block. */
export const areOfPoll = (terms: Bytes, poll: PollDefinition, catalogue: Address): boolean =>
  same(terms, ofPoll(poll, catalogue, wordAt(terms, 4)));

/** Whether terms are those of a board that a catalogue made in any block. */
export const areOfBoard = (terms: Bytes, board: BoardDefinition, catalogue: Address): boolean =>
  same(terms, ofBoard(board, catalogue, wordAt(terms, 2)));
