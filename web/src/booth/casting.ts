/** A prepared ballot is signed: what the desk holds and what the voter's key gives become one. */

import { type Bytes, bytesOf, hex } from "../bytes";
import { fromWords } from "../crypto/ballot_proof";
import { WrongPhase, WrongTracker } from "../errors";
import type { Signer } from "../keys/signer";
import { limited, messageOf, sealed, toJson, type Voter } from "../protocol/ballot";
import type { PollDefinition } from "../protocol/definition";
import { PHASES } from "../protocol/phase";
import type { DeskLine } from "./desk_line";
import type { Prepared, Sent } from "./flow";
import { look, type Seen } from "./following";
import type { Entitled } from "./roll";
import type { Ways } from "./ways";

/** Seconds in which a ballot is cast that a relay takes at once; and one that somebody carries. */
export const CAST_WITHIN = 3_600n;
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

/** The chain's clock stands still where blocks come for transactions alone; the device's does not. */
function now({ time }: Seen): bigint {
  const own = BigInt(Math.floor(Date.now() / 1000));
  return own > time ? own : time;
}

/** Encrypts the scores into a ballot that replaces the one that counts now. */
export async function prepare(
  casting: Casting,
  entitled: Entitled,
  scores: readonly number[],
): Promise<Prepared> {
  const { counting: replaces } = await requireOpen(casting, entitled);
  const { voter, weight } = entitled;
  const own: Voter = { voter, weight, replaces: wordOf(replaces) };
  const { tracker } = await casting.desk.ask("prepare", { scores, voter: own });
  return { tracker: hex(tracker), replaces, weight };
}

/**
 * Signs the prepared ballot, and takes it from the desk; from then on it can be cast. The key signs
 * first: a wallet may refuse, and then the ballot is still undecided.
 */
export async function sign(
  casting: Casting,
  entitled: Entitled,
  prepared: Prepared,
  signer: Signer,
): Promise<Sent> {
  const { poll, ways, desk } = casting;
  const seen = await requireOpen(casting, entitled);
  if (seen.counting !== prepared.replaces) {
    throw new WrongTracker(hexOf(seen.counting), hexOf(prepared.replaces));
  }
  const tracker = wordOf(prepared.tracker) as Bytes;
  const voter = { ...entitled, replaces: wordOf(prepared.replaces) };
  const deadline = limited(poll, now(seen) + (ways.relay ? CAST_WITHIN : CARRY_WITHIN));
  const signature = await signer.sign(...messageOf(poll, voter, tracker, deadline));
  const ballot = fromWords(await desk.ask("release", { tracker }), poll.questions);
  const { voter: account, weight, replaces } = voter;
  const signed = sealed(poll, { voter: account, weight, replaces }, ballot, deadline, signature);
  return {
    tracker: prepared.tracker,
    replaces: prepared.replaces,
    deadline,
    text: toJson(signed),
    block: null,
  };
}
