/** Examines ballots one by one: tracker, signature, proof. It runs in workers, on every core. */

import { type Bytes, hex, same } from "../bytes";
import { verify } from "../crypto/ballot_proof";
import { type Ciphertext, total } from "../crypto/elgamal";
import { Point } from "../crypto/group";
import { Refused } from "../errors";
import { requireSignature, type SignedBallot, trackerOfSigned } from "../protocol/ballot";
import type { PollDefinition } from "../protocol/definition";
import { ballotOf, type LoggedBallot } from "../protocol/logged_ballot";
import { faultIn } from "../trust/report";

export const SIGNATURES = "ballot signatures";
export const TRACKERS = "ballot trackers";
export const PROOFS = "ballot proofs";

/** Something that is wrong with a ballot: the check that fails, its name by the log, the reason. */
export interface Fault {
  readonly check: string;
  readonly tracker: Bytes;
  readonly reason: string;
}

/** What was found in some ballots. */
export interface Findings {
  readonly faults: readonly Fault[];
  /** For every choice, the sum of the ballots times their weights, without those that cannot be read. */
  readonly sums: readonly Ciphertext[];
}

export const signedOf = (logged: LoggedBallot, poll: PollDefinition): SignedBallot => ({
  ...logged,
  chainId: poll.chainId,
  poll: poll.address,
  ballot: ballotOf(logged, poll.questions),
});

/** The ciphertexts of a ballot times a weight; a negative weight takes them out of a sum. */
export const weighted = (signed: SignedBallot, weight: bigint): Ciphertext[] =>
  signed.ballot.ciphertexts.map((each) => each.times(weight));

/** Checks ballots and adds them up. */
export function examine(poll: PollDefinition, ballots: readonly LoggedBallot[]): Findings {
  const faults: Fault[] = [];
  const counted: Ciphertext[][] = [];
  for (const logged of ballots) {
    const signed = readable(logged, poll, faults);
    if (!signed) continue;
    faults.push(...faultsOf(signed, logged.tracker, poll));
    counted.push(weighted(signed, signed.weight));
  }
  const sums = Array.from({ length: poll.questions.choices }, (_, choice) =>
    total(counted.map((each) => each[choice] as Ciphertext)),
  );
  Point.settle(sums.flatMap((each) => each.pair));
  return { faults, sums };
}

function readable(
  logged: LoggedBallot,
  poll: PollDefinition,
  faults: Fault[],
): SignedBallot | null {
  try {
    return signedOf(logged, poll);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    faults.push({ check: PROOFS, tracker: logged.tracker, reason: error.message });
    return null;
  }
}

/** Everything that is wrong with a ballot. */
function faultsOf(signed: SignedBallot, logged: Bytes, poll: PollDefinition): Fault[] {
  const tracker = trackerOfSigned(signed, poll.hash);
  const found: readonly (readonly [string, string])[] = [
    [TRACKERS, same(tracker, logged) ? "" : `its ciphertexts give ${hex(tracker)}`],
    [SIGNATURES, faultIn(() => requireSignature(signed, tracker))],
    [PROOFS, faultIn(() => verify(signed.ballot, { ...poll, tracker }))],
  ];
  return found
    .filter(([, reason]) => reason)
    .map(([check, reason]) => ({ check, tracker: logged, reason }));
}
