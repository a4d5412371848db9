/**
 * Every hash of the protocol, with its tag and its words (PROTOCOL §1).
 *
 * A hash input is a sequence of 32-byte big-endian words: a number, an address or a hash fills one, a
 * point two; a list is preceded by its length in items.
 */

import { type Bytes, bytesOfNumber, joined, numberOf, utf8 } from "../bytes";
import { InvalidWord } from "../errors";
import { modN, Point, type Scalar, type Secret } from "./group";
import { keccak } from "./keccak";

const WORD = 32;

type Atom = bigint | number | Bytes | Point;
type Item = Atom | readonly Atom[];
export type Part = Atom | { readonly list: readonly Item[] };

const tags = new Map<string, Bytes>();

/** The first word of every hash: 32 bytes that say what it is for. */
export function tag(use: string): Bytes {
  const found = tags.get(use) ?? keccak(utf8(`veche/v2/${use}`));
  tags.set(use, found);
  return found;
}

/** A part that is a list: its length in items, then the items. */
export const list = (items: readonly Item[]): Part => ({ list: items });

/** The words of a hash input. */
const words = (parts: readonly Part[]): Bytes => joined(parts.flatMap(encoded));

/** H(tag `use`, parts…): 32 bytes. */
export const digest = (use: string, ...parts: Part[]): Bytes =>
  keccak(joined([tag(use), words(parts)]));

/** A hash as a scalar: reduced mod n. */
export const scalar = (data: Bytes): Scalar => modN(numberOf(data));

function encoded(part: Part): Bytes[] {
  if (!(typeof part === "object" && "list" in part)) return [atom(part)];
  const items = part.list.flatMap((item) => (isAtom(item) ? [atom(item)] : item.map(atom)));
  return [bytesOfNumber(BigInt(part.list.length)), ...items];
}

const isAtom = (item: Item): item is Atom => !Array.isArray(item);

function atom(value: Atom): Bytes {
  if (value instanceof Point) return value.encoded;
  if (value instanceof Uint8Array) {
    if (value.length !== WORD) throw new InvalidWord();
    return value;
  }
  const number = BigInt(value);
  if (number < 0n || number >> 256n) throw new InvalidWord();
  return bytesOfNumber(number);
}

const challenge = (use: string, ...parts: Part[]): Scalar => scalar(digest(use, ...parts));

// -- Board (PROTOCOL §2) --

interface BoardContext {
  readonly chainId: bigint;
  readonly board: bigint;
  readonly threshold: bigint;
  readonly minVoters: bigint;
  readonly dealBy: bigint;
  readonly confirmBy: bigint;
  readonly contentHash: Bytes;
  /** Account and sealing key of each trustee, in order. */
  readonly trustees: readonly (readonly [bigint, Point])[];
}

export const boardHash = (of: BoardContext): Bytes =>
  digest(
    "board",
    of.chainId,
    of.board,
    of.trustees.length,
    of.threshold,
    of.minVoters,
    of.dealBy,
    of.confirmBy,
    of.contentHash,
    list(of.trustees),
  );

export interface DealContext {
  readonly boardHash: Bytes;
  readonly dealer: number;
  readonly commitments: readonly Point[];
  readonly ephemeral: Point;
  readonly sealed: readonly Bytes[];
}

/** The words of a deal that its proof and its nonces cover. */
const dealParts = (of: DealContext): Part[] => [
  of.boardHash,
  of.dealer,
  list(of.commitments),
  of.ephemeral,
  list(of.sealed),
];

/** The challenge of a deal's proof; `first` are the addresses of its two commitments. */
export const dealChallenge = (of: DealContext, first: readonly [bigint, bigint]): Scalar =>
  challenge("deal", ...dealParts(of), ...first);

/** What all deals so far add up to, with the deal just made. */
export const dealsHash = (previous: Bytes, dealer: bigint | number, of: Scalar): Bytes =>
  digest("deals", previous, dealer, of);

// -- Poll (PROTOCOL §3) --

interface PollContext {
  readonly chainId: bigint;
  readonly poll: bigint;
  readonly board: bigint;
  readonly boardHash: Bytes;
  readonly key: Point;
  readonly rollRoot: Bytes;
  readonly totalWeight: bigint;
  readonly opens: bigint;
  readonly closes: bigint;
  readonly minVoters: bigint;
  readonly contentHash: Bytes;
  /** Options, maxScore, minTotal and maxTotal of each question. */
  readonly questions: readonly (readonly number[])[];
}

export const pollHash = (of: PollContext): Bytes =>
  digest(
    "poll",
    of.chainId,
    of.poll,
    of.board,
    of.boardHash,
    of.key,
    of.rollRoot,
    of.totalWeight,
    of.opens,
    of.closes,
    of.minVoters,
    of.contentHash,
    list(of.questions),
  );

export type Pair = readonly [Point, Point];

interface TrackerContext {
  readonly pollHash: Bytes;
  readonly voter: bigint;
  readonly weight: bigint;
  /** 32 zero bytes for a first ballot. */
  readonly replaces: Bytes;
  readonly ciphertexts: readonly Pair[];
}

export const tracker = (of: TrackerContext): Bytes =>
  digest("tracker", of.pollHash, of.voter, of.weight, of.replaces, list(of.ciphertexts));

/** The factor τ, whose powers weigh the statements of a ballot. */
export const statementFactor = (of: Bytes): Scalar => challenge("weights", of);

/** The one challenge of a ballot: address(a) and b of every choice, then E_0 … E_{D−1}. */
export const ballotChallenge = (
  of: Bytes,
  commitments: readonly (readonly [bigint, Point])[],
  coefficients: readonly Point[],
): Scalar => challenge("ballot", of, list(commitments), list(coefficients));

// -- Result (PROTOCOL §4) --

/** The challenge of a share's proof. `statement` is poll, trustee, V, [A], [D]. */
export const shareChallenge = (
  statement: readonly Part[],
  first: bigint,
  others: readonly Point[],
): Scalar => challenge("share", ...statement, first, list(others));

// -- Prover (PROTOCOL §1) --

/** What a proof nonce is bound to: all that is shown, and the nonce's place in its proof. */
export const statementHash = (...parts: Part[]): Bytes => digest("statement", ...parts);

export const nonceHash = (entropy: Bytes, secret: Secret, statement: Bytes): Scalar =>
  challenge("nonce", entropy, secret.reveal(), statement);

/** What the randomness of a ciphertext is made of. */
export const randomnessHash = (
  entropy: Bytes,
  place: Bytes,
  scores: readonly number[],
  choice: number,
): Scalar => challenge("randomness", entropy, place, list(scores), choice);
