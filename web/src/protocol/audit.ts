/** Audits: a voter reveals a ballot to check the device that made it (PROTOCOL §3, Casting). */

import { type Bytes, hex, same } from "../bytes";
import type { Opening } from "../crypto/ballot_proof";
import { encrypt } from "../crypto/elgamal";
import { Secret } from "../crypto/group";
import { AuditFailed, InvalidDocument } from "../errors";
import type { Address } from "./addresses";
import { byText, decode, type Scores } from "./content";
import { fromPlain, type PollDefinition, toPlain } from "./definition";
import { write } from "./json";
import { Form, word } from "./plain";
import { fromWord, trackerOf, wordOf } from "./trackers";

/** An opened ballot. Anyone who has it sees the vote, so the ballot is never cast. */
export interface Audit {
  readonly definition: PollDefinition;
  readonly voter: Address;
  readonly weight: bigint;
  readonly replaces: Bytes | null;
  readonly scores: readonly bigint[];
  readonly randomness: readonly bigint[];
  /** The tracker that the device showed before it knew of the audit. */
  readonly tracker: Bytes;
}

export const auditOf = (
  definition: PollDefinition,
  voter: Pick<Audit, "voter" | "weight" | "replaces">,
  opening: Opening,
  tracker: Bytes,
): Audit => ({
  definition,
  ...voter,
  scores: opening.scores.map(BigInt),
  randomness: opening.randomness.map((each) => each.reveal()),
  tracker,
});

/** Encrypts the scores again, and compares the tracker; returns what the ballot would have given. */
export function checkAudit(audit: Audit): Scores[] {
  const { definition, scores, randomness } = audit;
  const { choices } = definition.questions;
  if (scores.length !== choices || randomness.length !== choices) {
    throw new AuditFailed("the audit does not open every choice");
  }
  definition.questions.requireScores(scores.map(Number));
  const ciphertexts = randomness.map((r, at) =>
    encrypt(definition.key, Number(scores[at]), new Secret(r)),
  );
  const place = { ...audit, pollHash: definition.hash };
  const computed = trackerOf(place, audit.weight, ciphertexts);
  if (!same(computed, audit.tracker)) {
    const shown = `the device showed ${hex(audit.tracker)}`;
    throw new AuditFailed(`${shown}, but these scores give ${hex(computed)}`);
  }
  return byText(decode(definition.content, definition.questions), scores);
}

export const toJson = (audit: Audit): string =>
  write({
    poll: toPlain(audit.definition),
    voter: audit.voter,
    weight: audit.weight,
    replaces: hex(wordOf(audit.replaces)),
    scores: audit.scores,
    randomness: audit.randomness.map(word),
    tracker: hex(audit.tracker),
  });

export function fromJson(text: string): Audit {
  const form = Form.parse(text, "audit file");
  const poll = form.form("poll");
  const definition = fromPlain(poll);
  if (!same(poll.data("pollHash", 32), definition.hash)) {
    throw new InvalidDocument("audit file: pollHash is not the hash of its poll");
  }
  return {
    definition,
    voter: form.address("voter"),
    weight: form.number("weight"),
    replaces: fromWord(form.data("replaces", 32)),
    scores: form.numbers("scores"),
    randomness: form.words("randomness"),
    tracker: form.data("tracker", 32),
  };
}
