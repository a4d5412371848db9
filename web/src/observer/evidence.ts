/** Evidence: the public data of a poll, which all checks look at. */

import type { Bytes } from "../bytes";
import type { Ciphertext } from "../crypto/elgamal";
import type { EqualityProof } from "../crypto/equality_proof";
import type { Point } from "../crypto/group";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import type { LoggedBallot } from "../protocol/logged_ballot";
import type { Part } from "../protocol/published_roll";
import type { FoundationEvidence } from "../trust/foundation";

/** The state of a poll by its contract. */
export interface PollState {
  /** How many voters have cast a ballot. */
  readonly voters: bigint;
  /** The weights of these voters together. */
  readonly weight: bigint;
  readonly sums: readonly Ciphertext[];
  readonly isCancelled: boolean;
  /** The scores of all choices; empty before they are proven. */
  readonly result: readonly bigint[];
}

/** A decryption share that the poll accepted. */
export interface PostedShare {
  readonly trustee: bigint;
  /** D of every choice. */
  readonly points: readonly Point[];
  readonly proof: EqualityProof;
}

/** A ballot that was cast, with the block that holds it. */
export interface Cast {
  readonly logged: LoggedBallot;
  readonly block: BlockMark;
}

/** A ballot by its tracker, and by its voter; null for anybody's. */
export interface Named {
  readonly voter: Address | null;
  readonly tracker: Bytes;
}

/** What the state of the contracts proves to be in their logs, if it is published code. */
export interface Proofs {
  /** The name of the node whose logs they are. */
  readonly name: string;
  /** The trackers of all ballots in the log. */
  ballots(): AsyncIterable<Bytes>;
  /** The trustees who have dealt, who have confirmed, and who have posted a share. */
  dealers(): Promise<ReadonlySet<bigint>>;
  confirmers(): Promise<ReadonlySet<bigint>>;
  sharers(): Promise<ReadonlySet<bigint>>;
  /** The trackers of voters' ballots that count, in order; null where there is none. */
  trackers(voters: readonly Address[]): Promise<(Bytes | null)[]>;
}

/** The public data of a poll, up to one block. */
export interface Evidence extends FoundationEvidence {
  /** Whether somebody wrote the data down, who may have left something out. */
  readonly isRecord: boolean;
  /** The block that the data are read at. */
  mark(): BlockMark;
  state(): PollState | Promise<PollState>;
  /** The parts of the electoral roll, in the order in which they were published. */
  rollParts(): Promise<readonly Part[]>;
  /** The ballots in the order in which they were cast. */
  ballots(): AsyncIterable<Cast>;
  /** The ballots with these names, in any order. */
  find(wanted: readonly Named[]): AsyncIterable<LoggedBallot>;
  /** The decryption shares in the order in which they were accepted. */
  shares(): readonly PostedShare[] | Promise<readonly PostedShare[]>;
  /** Null for data that somebody wrote down. */
  proofs(): Proofs | null;
}
