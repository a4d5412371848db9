/** Ballots as others show them: the log of their poll, or an election record. */

import { type Bytes, bytesOfNumber, hex, joined, numberOf } from "../bytes";
import { type Ballot, fromParts, fromWords, pointsOf, scalarsOf } from "../crypto/ballot_proof";
import { Point } from "../crypto/group";
import type { Questions } from "../crypto/questions";
import { InvalidDocument, Refused } from "../errors";
import type { Address } from "./addresses";
import type { Signature } from "./signature";

export const WORD = 32;
/** Bytes of a point in an election record. */
export const COMPRESSED = 33;

/** A ballot as the log of its poll has it. Nothing in it is checked. */
export interface LoggedBallot {
  readonly voter: Address;
  /** The ballot's name by the log, 32 bytes. */
  readonly tracker: Bytes;
  readonly weight: bigint;
  /** The tracker of the ballot that this one replaces; null for a first ballot. */
  readonly replaces: Bytes | null;
  /** Seconds since 1970. */
  readonly deadline: bigint;
  readonly signature: Signature;
  /** 32 bytes for a coordinate or scalar. If they are compressed, all points come first. */
  readonly words: Bytes;
  readonly isCompressed: boolean;
}

/** The ballot in the words of a log, or the refusal of PROTOCOL §7. */
export function ballotOf(logged: LoggedBallot, questions: Questions): Ballot {
  if (!logged.isCompressed) return fromWords(parts(logged.words, WORD).map(numberOf), questions);
  try {
    return decompressed(logged, questions);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new InvalidDocument(`ballot ${hex(logged.tracker)}: ${error.message}`);
  }
}

function decompressed({ words }: LoggedBallot, questions: Questions): Ballot {
  const end = questions.points * COMPRESSED;
  const points = parts(words.subarray(0, end) as Bytes, COMPRESSED).map((each) =>
    Point.fromCompressed(each),
  );
  return fromParts(points, parts(words.subarray(end) as Bytes, WORD).map(numberOf), questions);
}

/** The words in the form of a record; null if they are no ballot of these questions. */
export function compressed(logged: LoggedBallot, questions: Questions): Bytes | null {
  if (logged.isCompressed) return logged.words;
  try {
    const ballot = ballotOf(logged, questions);
    const scalars = scalarsOf(ballot).map((each) => bytesOfNumber(each));
    return joined([...pointsOf(ballot).map((each) => each.compressed), ...scalars]);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

function parts(data: Bytes, size: number): Bytes[] {
  const found: Bytes[] = [];
  for (let at = 0; at < data.length; at += size) found.push(data.subarray(at, at + size) as Bytes);
  return found;
}
