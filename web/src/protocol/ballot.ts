/** Ballots: prepared, then signed or audited (PROTOCOL §3, Casting). */

import { type Bytes, hex } from "../bytes";
import type { Ballot, Opening } from "../crypto/ballot_proof";
import * as ballotProof from "../crypto/ballot_proof";
import { Ciphertext } from "../crypto/elgamal";
import { BallotExpired, BallotSpent } from "../errors";
import type { Address } from "./addresses";
import { type Audit, auditOf } from "./audit";
import type { PollDefinition } from "./definition";
import { write } from "./json";
import { Form, point, word } from "./plain";
import * as signatures from "./signature";
import { fromWord, placeHash, trackerOf, wordOf } from "./trackers";

const MAX_DEADLINE = 2n ** 64n - 1n;

/** An encrypted ballot with its voter's signature. It holds no secret: anyone may carry it. */
export interface SignedBallot {
  readonly chainId: bigint;
  readonly poll: Address;
  readonly voter: Address;
  readonly weight: bigint;
  readonly replaces: Bytes | null;
  /** The last moment at which the voter wants it cast, in seconds since 1970. */
  readonly deadline: bigint;
  readonly signature: signatures.Signature;
  readonly ballot: Ballot;
}

export const trackerOfSigned = (signed: SignedBallot, pollHash: Bytes): Bytes =>
  trackerOf({ ...signed, pollHash }, signed.weight, signed.ballot.ciphertexts);

/** Refuses a ballot that its voter has not signed as the one with this tracker. */
export function requireSignature(signed: SignedBallot, tracker: Bytes): void {
  const domain = { chainId: signed.chainId, contract: signed.poll };
  const digest = signatures.ballotDigest(domain, { ...signed, tracker });
  signatures.requireSigner(signed.voter, digest, signed.signature);
}

/** The ballot as a JSON document, to be carried by others. */
export const toJson = (of: SignedBallot): string =>
  write({
    chainId: of.chainId,
    poll: of.poll,
    voter: of.voter,
    weight: of.weight,
    replaces: hex(wordOf(of.replaces)),
    deadline: of.deadline,
    signature: hex(of.signature),
    ciphertexts: of.ballot.ciphertexts.map((each) => each.pair.map(point)),
    challenge: word(of.ballot.challenge),
    responses: of.ballot.responses.map(word),
    blinding: word(of.ballot.blinding),
    coefficients: of.ballot.coefficients.map(point),
  });

/** The ballot in a JSON document. */
export function fromJson(text: string): SignedBallot {
  const form = Form.parse(text, "signed ballot");
  return {
    chainId: form.number("chainId"),
    poll: form.address("poll"),
    voter: form.address("voter"),
    weight: form.number("weight"),
    replaces: fromWord(form.data("replaces", 32)),
    deadline: form.number("deadline", MAX_DEADLINE),
    signature: signatures.signatureFromEncoded(form.blob("signature")),
    ballot: {
      ciphertexts: form.pointPairs("ciphertexts").map(([a, b]) => new Ciphertext(a, b)),
      challenge: form.scalar("challenge"),
      responses: form.scalars("responses"),
      blinding: form.scalar("blinding"),
      coefficients: form.points("coefficients"),
    },
  };
}

/** Who votes: the account, its weight on the roll, and the ballot that counts so far. */
export interface Voter {
  readonly voter: Address;
  readonly weight: bigint;
  readonly replaces: Bytes | null;
}

/** The deadline that is signed: the wanted one, or the close if that is earlier. */
export function limited({ opens, closes }: PollDefinition, wanted: bigint): bigint {
  if (wanted < opens) throw new BallotExpired(wanted, opens);
  return wanted < closes ? wanted : closes;
}

/** What a voter signs, and for which contract. */
export const messageOf = (
  { chainId, address }: PollDefinition,
  { voter, replaces }: Voter,
  tracker: Bytes,
  deadline: bigint,
): [signatures.Domain, signatures.BallotMessage] => [
  { chainId, contract: address },
  { voter, tracker, replaces, deadline },
];

/** A proven ballot with the signature that its voter's key or wallet gave, which is checked. */
export function sealed(
  definition: PollDefinition,
  voter: Voter,
  ballot: Ballot,
  deadline: bigint,
  signature: signatures.Signature,
): SignedBallot {
  const { chainId, address, hash } = definition;
  const signed = { chainId, poll: address, ...voter, deadline, signature, ballot };
  requireSignature(signed, trackerOfSigned(signed, hash));
  return signed;
}

/** An encrypted ballot before its voter has decided: cast or audit, never both. */
export class PreparedBallot {
  readonly definition: PollDefinition;
  readonly voter: Voter;
  readonly ciphertexts: readonly Ciphertext[];
  /** The ballot's name, 32 bytes. The voter notes it, and looks for it afterwards. */
  readonly tracker: Bytes;
  readonly #opening: Opening;
  #isAudited = false;

  private constructor(
    definition: PollDefinition,
    voter: Voter,
    ciphertexts: readonly Ciphertext[],
    opening: Opening,
  ) {
    this.definition = definition;
    this.voter = voter;
    this.ciphertexts = ciphertexts;
    this.#opening = opening;
    const place = { ...voter, pollHash: definition.hash };
    this.tracker = trackerOf(place, voter.weight, ciphertexts);
  }

  /** Encrypts the scores of all choices, which the questions must allow. */
  static encrypt(
    scores: readonly number[],
    definition: PollDefinition,
    voter: Voter,
  ): PreparedBallot {
    const place = placeHash({ ...voter, pollHash: definition.hash });
    const made = ballotProof.encrypt(scores, definition, place);
    return new PreparedBallot(definition, voter, made.ciphertexts, made.opening);
  }

  /** The ballot with its proof. */
  prove(): Ballot {
    if (this.#isAudited) throw new BallotSpent();
    const context = { ...this.definition, tracker: this.tracker };
    return ballotProof.prove(this.ciphertexts, this.#opening, context);
  }

  /** Opens the ballot, to show that it holds what the voter chose. It cannot be cast after that. */
  audit(): Audit {
    this.#isAudited = true;
    return auditOf(this.definition, this.voter, this.#opening, this.tracker);
  }
}
