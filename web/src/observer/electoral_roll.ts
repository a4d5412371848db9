/** Checks the electoral roll: published in full, and covered by the poll hash (PROTOCOL §3). */

import { counted, IncompleteRoll } from "../errors";
import type { PollDefinition } from "../protocol/definition";
import type { Phase } from "../protocol/phase";
import { readRoll as read } from "../protocol/published_roll";
import { Roll } from "../protocol/roll";
import type { Report } from "../trust/report";
import type { Evidence, PollState } from "./evidence";

export const ROLL = "electoral roll";

/** The published roll; or why what is published is not the roll of the poll hash. */
export async function readRoll(
  evidence: Evidence,
  definition: PollDefinition,
): Promise<Roll | IncompleteRoll> {
  try {
    return read(await evidence.rollParts(), definition);
  } catch (error) {
    if (error instanceof IncompleteRoll) return error;
    throw error;
  }
}

/** Where a poll stands, for the checks of its roll. */
interface Standing {
  readonly definition: PollDefinition;
  readonly state: PollState;
  readonly phase: Phase;
  readonly isLastWord: boolean;
}

/**
 * Adds to a report whether the roll is published and right. A missing roll is pending while the poll
 * has not closed and nobody has voted. A cancelled poll needs none, if it is known to be cancelled.
 */
export function checkRoll(roll: Roll | IncompleteRoll, at: Standing, report: Report): void {
  if (roll instanceof Roll) {
    checkWeight(roll, at.definition, report);
    return;
  }
  const missing = roll.message;
  if (at.phase === "cancelled" && !at.isLastWord) {
    report.pending(ROLL, `${missing}; that the poll is cancelled is the writer's word`);
  } else if (at.phase === "cancelled") {
    report.passed(ROLL, `${missing}; a cancelled poll needs none`);
  } else if ((at.phase === "scheduled" || at.phase === "open") && !at.state.voters) {
    report.pending(ROLL, `${missing}; officials can publish it while nobody has voted`);
  } else {
    report.failed(ROLL, missing);
  }
}

function checkWeight(roll: Roll, definition: PollDefinition, report: Report): void {
  const weight = roll.totalWeight.toLocaleString("en-US");
  const found = `${counted(roll.size, "voter")} with weight ${weight}`;
  const isSame = roll.totalWeight === definition.totalWeight;
  const fault = `${found}, but the poll hash says ${definition.totalWeight}`;
  report.add(ROLL, isSame ? "" : fault, found);
}
