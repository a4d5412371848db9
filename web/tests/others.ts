/** What the page has no part in, so that the shared vectors are read whole: blames, shares, documents. */

import { type Bytes, bytesOfNumber, compare, joined, numberOf, utf8 } from "../src/bytes";
import type { EqualityProof } from "../src/crypto/equality_proof";
import { INFINITY, modN, N, Point, type Scalar, Secret, timesG } from "../src/crypto/group";
import { keccak } from "../src/crypto/keccak";
import { committed } from "../src/crypto/sharing";
import * as sigma from "../src/crypto/sigma";
import * as transcript from "../src/crypto/transcript";
import { digest } from "../src/enrolment/typed_data";
import { Refused } from "../src/errors";
import type { Address } from "../src/protocol/addresses";
import {
  limited,
  messageOf,
  type PreparedBallot,
  type SignedBallot,
  sealed,
} from "../src/protocol/ballot";
import type { Form } from "../src/protocol/plain";
import { leaf, type Roll } from "../src/protocol/roll";
import { ballotDigest, sign, signatureFromEncoded, signer } from "../src/protocol/signature";

const challenge = (use: string, ...parts: transcript.Part[]): Scalar =>
  transcript.scalar(transcript.digest(use, ...parts));

// -- Ballots --

/** A prepared ballot with its proof, and with the signature of a key that signs at once. */
export function signedBy(prepared: PreparedBallot, key: Secret, deadline: bigint): SignedBallot {
  const { definition, voter, tracker } = prepared;
  const until = limited(definition, deadline);
  const signature = sign(key, ballotDigest(...messageOf(definition, voter, tracker, until)));
  return sealed(definition, voter, prepared.prove(), until, signature);
}

// -- Trustees (PROTOCOL §2, §4) --

export class InvalidShare extends Refused {
  override readonly name = "InvalidShare";
}

/** The statement that S = e·R for the secret e of the sealing key E = e·G. */
interface BlameStatement {
  readonly boardHash: Bytes;
  readonly dealer: number;
  readonly recipient: number;
  readonly sealingKey: Point;
  readonly ephemeral: Point;
  readonly shared: Point;
}

/** The challenge of a blame's proof. `statement` is board, i, j, E_j, R_i and S. */
export const blameChallenge = (
  statement: readonly transcript.Part[],
  first: bigint,
  second: Point,
): Scalar => challenge("blame", ...statement, first, second);

export function verifyBlame(of: BlameStatement, proof: EqualityProof): void {
  const first = sigma.firstCommitment(of.sealingKey, proof.challenge, proof.response);
  const parts = [of.ephemeral.times(proof.response), of.shared.times(modN(-proof.challenge))];
  const second = sigma.joinedParts(parts[0] as Point, parts[1] as Point, 0);
  const place = [of.boardHash, of.dealer, of.recipient];
  const statement = [...place, of.sealingKey, of.ephemeral, of.shared];
  sigma.requireChallenge(proof.challenge, blameChallenge(statement, first, second));
}

/** The pad that hides a share; `shared` is k·E_j = e_j·R. */
export const sealPad = (board: Bytes, dealer: number, recipient: number, shared: Point): Bytes =>
  transcript.digest("seal", board, dealer, recipient, shared);

/** Opens a sealed share with its pad: it must be what the dealer committed to. */
export function unseal(
  sealedShare: Bytes,
  pad: Bytes,
  commitments: readonly Point[],
  recipient: number,
): Secret {
  const value = numberOf(sealedShare.map((byte, at) => byte ^ (pad[at] as number)) as Bytes);
  const isScalar = value > 0n && value < N;
  if (isScalar && timesG(value).equals(committed(commitments, recipient))) return new Secret(value);
  throw new InvalidShare([recipient], "the share is not the one that the dealer committed to");
}

/** The secret share x of a trustee: the sum of the shares that all dealers gave it. */
export const secretShare = (shares: readonly Secret[]): Secret =>
  new Secret(modN(shares.reduce((sum, each) => sum + each.reveal(), 0n)));

/** The points D of a share; (0, 0) is infinity. */
export const pointsFromOutside = (words: readonly (readonly [bigint, bigint])[]): Point[] =>
  words.map(([x, y]) => (x === 0n && y === 0n ? INFINITY : Point.fromOutside(x, y)));

export const sumsHash = (poll: Bytes, sums: readonly transcript.Pair[]): Bytes =>
  transcript.digest("sums", poll, transcript.list(sums));

// -- Rolls (PROTOCOL §3, Roll) --

/** The siblings on the way from a voter's leaf to the root. */
export function pathOf(roll: Roll, voter: Address): Bytes[] {
  const own = leaf([voter, roll.weight(voter)]);
  const leaves = roll.entries.map(leaf).sort((one, other) => compare(other, one));
  const nodes = [...new Array<Bytes>(leaves.length - 1), ...leaves];
  for (let at = leaves.length - 2; at >= 0; at--) {
    const both = nodes.slice(2 * at + 1, 2 * at + 3).sort(compare);
    nodes[at] = keccak(joined(both));
  }
  const found: Bytes[] = [];
  let place = nodes.findLastIndex((each) => compare(each, own) === 0);
  for (; place > 0; place = (place - 1) >> 1) {
    found.push(nodes[place % 2 ? place + 1 : place - 1] as Bytes);
  }
  return found;
}

// -- Code lists (docs/enrolment.md §4) --

const CODE_LIST =
  "CodeList(string enrolment,string title,uint64 edition,uint64 until,address[] codes)";

/** The address of the key that has signed a list of codes. */
export function official(list: Form): Address {
  const texts = [list.text("enrolment"), list.text("title")].map((each) => keccak(utf8(each)));
  const codes = list.blob("codes");
  const words: Bytes[] = [];
  for (let at = 0; at < codes.length; at += 20) {
    words.push(bytesOfNumber(numberOf(codes.slice(at, at + 20))));
  }
  const numbers = [list.number("edition"), list.number("until")];
  const digested = digest(CODE_LIST, [...texts, ...numbers, keccak(joined(words))]);
  return signer(digested, signatureFromEncoded(list.blob("signature")));
}
