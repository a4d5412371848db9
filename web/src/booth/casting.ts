/** A prepared ballot is signed: what the desk holds and what the voter's key gives become one. */

import { type Bytes, bytesOf, hex } from "../bytes";
import { fromWords } from "../crypto/ballot_proof";
import { BallotExpired, BallotUnderWay, WrongPhase, WrongTracker } from "../errors";
import type { Signer } from "../keys/signer";
import { limited, messageOf, sealed, toJson, type Voter } from "../protocol/ballot";
import type { PollDefinition } from "../protocol/definition";
import { PHASES } from "../protocol/phase";
import type { DeskLine } from "./desk_line";
import type { Elsewhere, Prepared, Sent } from "./flow";
import { deviceTime, isPast, look, type Seen } from "./following";
import type { Entitled } from "./roll";
import type { Ways } from "./ways";

/** Seconds in which a ballot is cast that a relay takes at once; and one that somebody carries. */
const CAST_WITHIN = 3_600n;
const CARRY_WITHIN = 86_400n;

export interface Casting {
  readonly poll: PollDefinition;
  readonly ways: Ways;
  readonly desk: DeskLine;
}

const OPEN = PHASES.indexOf("open");

const hexOf = (tracker: string | null): string => tracker ?? hex(new Uint8Array(32));
const wordOf = (digits: string | null): Bytes | null =>
  digits === null ? null : bytesOf(digits.slice(2));

async function requireOpen({ poll, ways }: Casting, entitled: Entitled): Promise<Seen> {
  const seen = await look(ways.node, poll.address, entitled.voter, null);
  if (seen.phase !== "open") throw new WrongPhase(OPEN, PHASES.indexOf(seen.phase));
  return seen;
}

/** Seconds by which the chain's clock may be ahead of the device's. */
const AHEAD = 900n;

/** The chain's clock stands still where blocks come for transactions alone; the device's does not. */
const later = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/**
 * Encrypts the scores into a ballot that replaces the one that counts now. A ballot that was sent from
 * elsewhere comes first: of two that replace the same, whoever carries them would choose.
 */
export async function prepare(
  casting: Casting,
  entitled: Entitled,
  scores: readonly number[],
  elsewhere: Elsewhere | null,
): Promise<Prepared> {
  const { poll, ways, desk } = casting;
  const seen = await requireOpen(casting, entitled);
  const { counting: replaces } = seen;
  if (elsewhere && elsewhere.deadline !== null && replaces !== elsewhere.tracker) {
    if (!isPast(elsewhere.deadline, seen)) throw new BallotUnderWay();
  }
  const { voter, weight } = entitled;
  const own: Voter = { voter, weight, replaces: wordOf(replaces) };
  const { tracker } = await desk.ask("prepare", { scores, voter: own });
  const wanted = later(seen.time, deviceTime()) + (ways.relay ? CAST_WITHIN : CARRY_WITHIN);
  return {
    tracker: hex(tracker),
    replaces,
    weight,
    deadline: limited(poll, wanted),
    isLate: seen.time > deviceTime() + AHEAD,
  };
}

/**
 * Signs the prepared ballot, with the deadline that was shown, and takes it from the desk; from then
 * on it can be cast. The key signs first: a wallet may refuse, and then the ballot is still undecided.
 */
export async function sign(
  casting: Casting,
  entitled: Entitled,
  prepared: Prepared,
  signer: Signer,
): Promise<Sent> {
  const { poll, desk } = casting;
  const seen = await requireOpen(casting, entitled);
  if (seen.counting !== prepared.replaces) {
    throw new WrongTracker(hexOf(seen.counting), hexOf(prepared.replaces));
  }
  const { deadline, replaces } = prepared;
  if (seen.time > deadline) throw new BallotExpired(deadline, seen.time);
  const tracker = wordOf(prepared.tracker) as Bytes;
  const { voter: account, weight } = entitled;
  const voter = { voter: account, weight, replaces: wordOf(replaces) };
  const signature = await signer.sign(...messageOf(poll, voter, tracker, deadline));
  const ballot = fromWords(await desk.ask("release", { tracker }), poll.questions);
  const signed = sealed(poll, voter, ballot, deadline, signature);
  return { tracker: prepared.tracker, replaces, deadline, text: toJson(signed), counted: null };
}
