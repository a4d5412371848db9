/**
 * Checks how a key was made: the board's rules, every deal and confirmation with its signature, all
 * keys (PROTOCOL §2).
 */

import { type Bytes, hex, same } from "../bytes";
import { verifyDeal } from "../crypto/deal_proof";
import type { Point } from "../crypto/group";
import { encryptionKey, requireThreshold, verificationKey } from "../crypto/sharing";
import * as transcript from "../crypto/transcript";
import { type BoardDefinition, requireSound } from "../protocol/board";
import {
  requireConfirmationSigned,
  requireDealSigned,
  type SignedConfirmation,
  type SignedDeal,
} from "../protocol/ceremony";
import { faultIn, type Report } from "./report";

export const BOARD_RULES = "board's rules";
export const BOARD_HASH = "board hash";
export const DEALS = "deals";
export const CONFIRMATIONS = "confirmations";
export const KEYS = "keys";

/** The key ceremony of a board. Hashes and keys are by the contract; lists in the order of posting. */
export interface Ceremony {
  readonly definition: BoardDefinition;
  readonly boardHash: Bytes;
  readonly dealsHash: Bytes;
  readonly deals: readonly SignedDeal[];
  readonly confirmations: readonly SignedConfirmation[];
  /** Y. */
  readonly key: Point;
  /** V of every trustee. */
  readonly verificationKeys: readonly Point[];
}

/** The hash of all deals as they are shown. */
const computedHash = (ceremony: Ceremony): Bytes =>
  ceremony.deals.reduce(
    (hash, { dealer, deal }) => transcript.dealsHash(hash, dealer, deal.challenge),
    ceremony.definition.hash,
  );

/** Adds to a report whether the ceremony of a board that is Ready is right. */
export function checkCeremony(ceremony: Ceremony, report: Report): void {
  const { definition, boardHash } = ceremony;
  const { threshold, minVoters, trustees } = definition.terms;
  const count = trustees.length;
  const voters = minVoters.toLocaleString("en-US");
  const rules = `${threshold} of ${count} trustees decrypt for ${voters} voters or more`;
  report.add(
    BOARD_RULES,
    faultIn(() => requireSound(definition.terms)),
    rules,
  );
  const computed = hex(definition.hash);
  const other = `${computed}, but the contract says ${hex(boardHash)}`;
  report.add(BOARD_HASH, same(boardHash, definition.hash) ? "" : other, computed);
  const deals = `${count} deals, each with its proof and its signature`;
  report.add(DEALS, faultInDeals(ceremony), deals);
  const signed = `by every trustee, ${count} signatures`;
  report.add(CONFIRMATIONS, faultInConfirmations(ceremony), signed);
  const keys = `the board's key, and the keys of ${count} trustees`;
  report.add(KEYS, faultInKeys(ceremony), keys);
}

/** Whether indices are those of all trustees, each once. */
const areAll = (indices: readonly bigint[], trustees: number): boolean =>
  indices.length === trustees &&
  new Set(indices).size === trustees &&
  indices.every((each) => each >= 1n && each <= trustees);

function faultInDeals(ceremony: Ceremony): string {
  const { definition, deals, dealsHash } = ceremony;
  const { threshold, trustees } = definition.terms;
  const count = trustees.length;
  const impossible = faultIn(() => requireThreshold(threshold, count));
  if (impossible) return impossible;
  const dealers = deals.map((each) => each.dealer);
  if (!areAll(dealers, count)) {
    return `there are deals of trustees [${dealers.join(", ")}], of ${count} trustees`;
  }
  for (const signed of deals) {
    const context = {
      boardHash: definition.hash,
      dealer: Number(signed.dealer),
      threshold: Number(threshold),
      trustees: count,
    };
    const fault = faultIn(() => {
      verifyDeal(signed.deal, context);
      requireDealSigned(definition, signed);
    });
    if (fault) return `the deal of trustee ${signed.dealer}: ${fault}`;
  }
  const isSame = same(computedHash(ceremony), dealsHash);
  return isSame ? "" : "they do not have the hash that the contract says";
}

/** That the contract's hash is the one of the deals is for the deals' check to see. */
function faultInConfirmations(ceremony: Ceremony): string {
  const { definition, confirmations, dealsHash } = ceremony;
  const count = definition.terms.trustees.length;
  const found = confirmations.map((each) => each.trustee);
  if (!areAll(found, count)) {
    const every = Array.from({ length: count }, (_, at) => BigInt(at + 1));
    const missing = every.filter((each) => !found.includes(each));
    if (missing.length) return `trustees [${missing.join(", ")}] have not confirmed`;
    return `of trustees [${found.join(", ")}]`;
  }
  const known = [dealsHash, computedHash(ceremony)];
  for (const signed of confirmations) {
    if (!known.some((each) => same(each, signed.dealsHash))) {
      return `trustee ${signed.trustee} confirmed other deals`;
    }
    const fault = faultIn(() => requireConfirmationSigned(definition, signed));
    if (fault) return `the confirmation of trustee ${signed.trustee}: ${fault}`;
  }
  return "";
}

function faultInKeys({ definition, deals, key, verificationKeys }: Ceremony): string {
  const { threshold, trustees } = definition.terms;
  const commitments = deals.map((each) => each.deal.commitments);
  if (verificationKeys.length !== trustees.length) {
    return `there are ${verificationKeys.length} verification keys`;
  }
  if (!commitments.every((each) => BigInt(each.length) === threshold)) {
    return `not every deal has ${threshold} commitments to add up`;
  }
  if (!encryptionKey(commitments).equals(key)) return "the board's key is not the sum of its deals";
  for (const [at, shown] of verificationKeys.entries()) {
    if (!verificationKey(commitments, at + 1).equals(shown)) {
      return `the verification key of trustee ${at + 1} does not follow from the deals`;
    }
  }
  return "";
}
