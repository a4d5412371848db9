/** Checks how a result came about: every decryption share, and the scores (PROTOCOL §4). */

import type { Ciphertext } from "../crypto/elgamal";
import { verifyShare } from "../crypto/equality_proof";
import { N, type Point, timesG } from "../crypto/group";
import { combine } from "../crypto/sharing";
import type { PollDefinition } from "../protocol/definition";
import type { Phase } from "../protocol/phase";
import type { Ceremony } from "../trust/ceremony";
import { faultIn, type Report } from "../trust/report";
import type { PostedShare } from "./evidence";

export const SHARES = "decryption shares";
export const RESULT = "result";

/** The shares that decrypt the sums of a poll, and what they are checked against. */
interface Decryption {
  readonly definition: PollDefinition;
  readonly phase: Phase;
  readonly ceremony: Ceremony;
  /** The sums of all choices, as they were added up here. */
  readonly sums: readonly Ciphertext[];
  readonly shares: readonly PostedShare[];
  /** Whether the poll is known to have ended as it is shown. */
  readonly isLastWord: boolean;
}

const hasResult = (phase: Phase): boolean => phase === "closed" || phase === "tallied";

const threshold = (of: Decryption): bigint => of.ceremony.definition.terms.threshold;

/** Adds to a report whether every share is the decryption of the sums by its trustee's key. */
export function checkShares(decryption: Decryption, report: Report): void {
  const { phase, shares } = decryption;
  if (!hasResult(phase)) {
    checkAbsence(SHARES, decryption, shares.length > 0, report);
    return;
  }
  const fault = faultInShares(decryption);
  if (fault) report.failed(SHARES, fault);
  else if (shares.length < threshold(decryption)) {
    report.pending(SHARES, `${shares.length} of ${threshold(decryption)} are posted`);
  } else {
    const trustees = shares.map((each) => each.trustee).join(", ");
    report.passed(SHARES, `of trustees [${trustees}], each with its proof`);
  }
}

function faultInShares({ definition, ceremony, sums, shares }: Decryption): string {
  const trustees = shares.map((each) => each.trustee);
  if (new Set(trustees).size !== trustees.length) {
    return `a trustee has posted twice: [${trustees.join(", ")}]`;
  }
  const bases = sums.map((each) => each.a);
  for (const { trustee, points, proof } of shares) {
    const verificationKey =
      trustee > 0n ? ceremony.verificationKeys[Number(trustee) - 1] : undefined;
    if (!verificationKey) return `there is no trustee ${trustee}`;
    const place = { pollHash: definition.hash, trustee: Number(trustee), verificationKey };
    const fault = faultIn(() => verifyShare({ ...place, sums: bases, points }, proof));
    if (fault) return `the share of trustee ${trustee}: ${fault}`;
  }
  return "";
}

/** Adds to a report whether sums and shares give the result that the contract has. */
export function checkResult(
  decryption: Decryption,
  result: readonly bigint[],
  report: Report,
): void {
  if (!hasResult(decryption.phase)) {
    checkAbsence(RESULT, decryption, result.length > 0, report);
  } else if (!result.length) {
    report.pending(RESULT, "not proven yet");
  } else {
    const fault = faultInResult(decryption, result);
    report.add(RESULT, fault, "follows from the sums and the shares");
  }
}

function faultInResult(decryption: Decryption, result: readonly bigint[]): string {
  const { sums } = decryption;
  const quorum = quorumOf(decryption);
  const needed = Math.max(1, Number(threshold(decryption)));
  if (quorum.size < needed) return "there is a result, but not enough shares for it";
  if (result.length !== sums.length) {
    return `there are ${result.length} scores for ${sums.length} choices`;
  }
  const parts = combine(quorum);
  const wrong = sums.flatMap((sum, choice) =>
    isScore(sum, parts[choice] as Point, result[choice] as bigint) ? [] : [choice],
  );
  return wrong.length ? `choices [${wrong.join(", ")}] have other scores` : "";
}

/** D of every choice by trustee, of those of the first shares that can be combined. */
function quorumOf({ ceremony, sums, shares }: Decryption): Map<number, readonly Point[]> {
  const count = ceremony.verificationKeys.length;
  const first = shares.slice(0, Number(ceremony.definition.terms.threshold));
  const usable = first.filter(
    ({ trustee, points }) => trustee >= 1n && trustee <= count && points.length === sums.length,
  );
  return new Map(usable.map(({ trustee, points }) => [Number(trustee), points]));
}

/** Whether a sum holds m, by what the shares make of the sum. */
const isScore = (sum: Ciphertext, part: Point, m: bigint): boolean =>
  m < N && sum.b.equals(part.plus(timesG(m)));

/** Adds to a report that something is absent which must be. */
function checkAbsence(name: string, of: Decryption, isThere: boolean, report: Report): void {
  const ends = new Map<Phase, string>([
    ["void", `the poll is void: fewer than ${of.definition.minVoters} voters took part`],
    ["cancelled", "the poll is cancelled: nobody had voted"],
  ]);
  const end = ends.get(of.phase);
  if (isThere) report.failed(name, `present, though the poll is ${of.phase}`);
  else if (end && !of.isLastWord) {
    report.pending(name, `none here; that the poll is ${of.phase} is the writer's word`);
  } else if (end) report.passed(name, `none, and there will be none: ${end}`);
  else report.pending(name, "none before the close");
}
