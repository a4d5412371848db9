/**
 * Tells a node that lacks logs from a poll that is wrong. Published code never changes its state
 * without a log. So if a log lacks what the state proves, nothing can be said of the poll.
 */

import { hex, same } from "../bytes";
import type { Ciphertext } from "../crypto/elgamal";
import { counted, known, LogsMissing, NodeError } from "../errors";
import type { Ceremony } from "../trust/ceremony";
import * as foundation from "../trust/foundation";
import * as provenance from "../trust/provenance";
import type { Report } from "../trust/report";
import type { BallotBox } from "./ballot_box";
import type { PollState, PostedShare, Proofs } from "./evidence";

/** The checks without which state proves nothing, or is not that of the expected poll. */
const CODE: readonly string[] = [
  provenance.CATALOGUE,
  provenance.POLL_CODE,
  provenance.TALLY_CODE,
  provenance.BOARD_CODE,
  provenance.BOARD,
  provenance.POLL,
  provenance.FIRST_BLOCK,
  foundation.POLL_HASH,
  foundation.SAME_CONTRACTS,
];

/** What a node has shown of a poll; null for what cannot be read. */
interface Shown {
  readonly state: PollState;
  readonly ceremony: Ceremony | null;
  readonly box: BallotBox | null;
  readonly shares: readonly PostedShare[] | null;
}

/** Refuses to give a verdict if a log lacks what the state proves to be in it. */
export async function requireLogs(shown: Shown, proofs: Proofs, report: Report): Promise<void> {
  const failed = report.checks.filter((each) => each.verdict === "fail").map((each) => each.name);
  if (report.verdict === "pass" || failed.some((each) => CODE.includes(each))) return;
  const lacking = shown.shares
    ? await missing(
        "decryption shares",
        proofs.sharers(),
        shown.shares.map((each) => each.trustee),
      )
    : [];
  if (failed.length) {
    lacking.push(...(await missingInCeremony(shown, proofs)));
    lacking.push(...(await missingBallots(shown, proofs)));
  }
  if (lacking.length) {
    throw new LogsMissing(`the logs of ${proofs.name} lack ${lacking.join("; ")}`);
  }
}

async function missingInCeremony({ ceremony }: Shown, proofs: Proofs): Promise<string[]> {
  if (!ceremony) return [];
  const dealers = ceremony.deals.map((each) => each.dealer);
  const confirmers = ceremony.confirmations.map((each) => each.trustee);
  return [
    ...(await missing("deals", proofs.dealers(), dealers)),
    ...(await missing("confirmations", proofs.confirmers(), confirmers)),
  ];
}

/** What is missing of trustees; nothing if the state cannot be read, which is a fault of its own. */
async function missing(
  what: string,
  proven: Promise<ReadonlySet<bigint>>,
  logged: readonly bigint[],
): Promise<string[]> {
  try {
    const found = [...(await proven)].filter((each) => !logged.includes(each));
    return found.length ? [`${what} of trustees [${found.join(", ")}]`] : [];
  } catch (error) {
    if (known(error) instanceof NodeError) throw error;
    return [];
  }
}

async function missingBallots({ box, state }: Shown, proofs: Proofs): Promise<string[]> {
  if (!box) return [];
  if (BigInt(box.voters) < state.voters) {
    const own = counted(box.voters, "voter");
    return [`ballots: they have those of ${own}, of ${state.voters.toLocaleString("en-US")}`];
  }
  const isSame = box.sums.every((each, at) => each.equals(state.sums[at] as Ciphertext));
  if (isSame && !box.missing.length) return [];
  const voters = [...box.counted.keys()];
  const proven = await proofs.trackers(voters);
  const wanted = new Set(box.missing.map(hex));
  for (const [at, voter] of voters.entries()) {
    const [tracker, own] = [proven[at], box.counted.get(voter)?.tracker];
    if (tracker && own && !same(tracker, own)) wanted.add(hex(tracker));
  }
  if (wanted.size) for await (const each of proofs.ballots()) wanted.delete(hex(each));
  return [...wanted].sort().map((each) => `the ballot ${each}`);
}
