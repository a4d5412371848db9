/** Every check of a poll, from its code to its result (PROTOCOL §5). */

import { type Bytes, hex } from "../bytes";
import type { Ciphertext } from "../crypto/elgamal";
import { counted, type IncompleteRoll } from "../errors";
import { decode } from "../protocol/content";
import type { PollDefinition } from "../protocol/definition";
import type { Turnout } from "../protocol/figures";
import type { Phase } from "../protocol/phase";
import { Roll } from "../protocol/roll";
import { checkFoundation, type Foundation } from "../trust/foundation";
import type { Report } from "../trust/report";
import { BallotBox, type Examiner, HERE, type Progress } from "./ballot_box";
import { checkRoll, ROLL, readRoll } from "./electoral_roll";
import type { Evidence, PollState, PostedShare } from "./evidence";
import { requireLogs } from "./missing_logs";
import { phaseOf } from "./phase";
import { checkResult, checkShares, RESULT, SHARES } from "./result";

export const TEXTS = "poll's texts";
export const BALLOTS = "ballots";
export const COUNTS = "counts";
export const SUMS = "sums";
export const COMPLETE = "nothing left out";

/** The outcome of checking a poll; null for what cannot be read. */
export interface Verification {
  readonly report: Report;
  readonly foundation: Foundation;
  readonly phase: Phase | null;
  readonly box: BallotBox | null;
  readonly state: PollState | null;
  readonly shares: readonly PostedShare[] | null;
}

/** Adds to a report whether nodes show all that a record says, and returns whether they do. */
type Confirm = (evidence: Evidence, report: Report) => Promise<boolean>;

/** What an observer brings along. */
export interface Options {
  /** The poll hash that the observer was told, 32 bytes. */
  readonly expect?: Bytes | null;
  readonly examiner?: Examiner;
  readonly progress?: Progress;
  /** The box of an earlier look, which has counted every ballot that the evidence does not show. */
  readonly box?: BallotBox | null;
  /** Holds a record against nodes. Without it, what only a node can show is pending. */
  readonly confirm?: Confirm | null;
}

/** How many took part, by the poll's state; null if that cannot be read. */
export function turnoutOf({ foundation, state, box }: Verification): Turnout | null {
  const { definition } = foundation;
  if (!definition || !state || !box) return null;
  const onRoll = box.roll instanceof Roll ? BigInt(box.roll.size) : null;
  return {
    voters: state.voters,
    onRoll,
    weight: state.weight,
    totalWeight: definition.totalWeight,
  };
}

/** Makes every check that can be made; adds the others as pending. */
export async function verify(
  evidence: Evidence,
  report: Report,
  options: Options = {},
): Promise<Verification> {
  const foundation = await checkFoundation(evidence, report, options.expect ?? null);
  const state = await report.reading(COUNTS, () => evidence.state());
  const { definition } = foundation;
  if (!definition || !state) {
    return { report, foundation, phase: null, box: null, state, shares: null };
  }
  await report.reading(TEXTS, () => {
    report.passed(TEXTS, decode(definition.content, definition.questions).title);
  });
  const phase = phaseOf(definition, state, evidence.mark().time);
  const isConfirmed = options.confirm ? await options.confirm(evidence, report) : false;
  const isLastWord = isConfirmed || !evidence.isRecord;
  const standing = { definition, state, phase, isLastWord };
  const box = await count(evidence, standing, report, options);
  let shares: readonly PostedShare[] | null = null;
  if (box && foundation.ceremony) {
    shares = await report.reading(SHARES, () => evidence.shares());
    const { ceremony } = foundation;
    if (shares) {
      const decryption = { definition, phase, ceremony, sums: box.sums, shares, isLastWord };
      await report.reading(SHARES, () => checkShares(decryption, report));
      await report.reading(RESULT, () => checkResult(decryption, state.result, report));
    }
  }
  if (!isLastWord && phase !== "tallied") checkComplete(evidence, report);
  const proofs = evidence.proofs();
  if (proofs)
    await requireLogs({ state, ceremony: foundation.ceremony, box, shares }, proofs, report);
  return { report, foundation, phase, box, state, shares };
}

/**
 * Adds as pending, for a record without a result that no node confirms, that nothing was left out. A
 * result proves the ballots that it counts; without one, that there is no more is the writer's word.
 */
function checkComplete(evidence: Evidence, report: Report): void {
  const mark = evidence.mark();
  const said = "a record cannot show that it is complete, or that nothing came later";
  report.pending(COMPLETE, `${said}: ask a node, at block ${mark.number}, ${hex(mark.hash)}`);
}

/** Where a poll stands by its contract. */
interface Standing {
  readonly definition: PollDefinition;
  readonly state: PollState;
  readonly phase: Phase;
  readonly isLastWord: boolean;
}

/** Counts the ballots and checks them; null if they or the roll cannot be read. */
async function count(
  evidence: Evidence,
  standing: Standing,
  report: Report,
  options: Options,
): Promise<BallotBox | null> {
  const read = (): Promise<Roll | IncompleteRoll> => readRoll(evidence, standing.definition);
  const roll = options.box?.roll ?? (await report.reading(ROLL, read));
  if (!roll) return null;
  const box = options.box ?? new BallotBox(standing.definition, roll);
  checkRoll(roll, standing, report);
  return report.reading(BALLOTS, async () => {
    await box.countAll(evidence, options.examiner ?? HERE, options.progress ?? (() => undefined));
    box.report(report);
    checkCounts(box, standing.state, report);
    return box;
  });
}

/** Adds to a report whether the contract's counts and sums are those of the ballots. */
function checkCounts(box: BallotBox, state: PollState, report: Report): void {
  const own = `${counted(box.voters, "voter")} with weight ${box.weight.toLocaleString("en-US")}`;
  const isSame = BigInt(box.voters) === state.voters && box.weight === state.weight;
  const isImpossible = state.isCancelled && box.voters > 0;
  const said = `${state.voters.toLocaleString("en-US")} with weight ${state.weight.toLocaleString("en-US")}`;
  const fault = !isSame
    ? `${own}, but the contract says ${said}`
    : `${own}, but the poll is cancelled, which a poll with ballots cannot be`;
  report.add(COUNTS, isSame && !isImpossible ? "" : fault, own);
  const wrong = "the contract's sums are not those of the ballots";
  report.add(SUMS, haveSame(box.sums, state.sums) ? "" : wrong, "of the ballots that count");
}

const haveSame = (one: readonly Ciphertext[], other: readonly Ciphertext[]): boolean =>
  one.length === other.length && one.every((each, at) => each.equals(other[at] as Ciphertext));
