import { hexNumber, Refused, timeText, VecheError } from "./root";

export {
  BallotUnderWay,
  InsecurePage,
  WalletBusy,
  WalletElsewhere,
  WalletFailed,
  WalletLocked,
  WalletRefused,
} from "./device";
export { RelayError, RelayRefusal, RelayUnreachable } from "./relay";
export { counted, known, Refused, said, timeText, VecheError } from "./root";

// -- Points, scalars, questions and proofs (PROTOCOL §7) --

export class InvalidPoint extends Refused {
  override readonly name = "InvalidPoint";
  constructor(x: bigint, y: bigint, field = "", reason = "") {
    const said = `(${hexNumber(x)}, ${hexNumber(y)}) is not a point with 0 < x < n and 0 < y < p on secp256k1`;
    super([x, y], reason || said, field);
  }
}

/** Values: the scalar; none for a secret. */
export class InvalidScalar extends Refused {
  override readonly name = "InvalidScalar";
  constructor(value: bigint | null, field = "") {
    const hidden = "not in 1..n-1 (its value is not shown)";
    super(
      value === null ? [] : [value],
      value === null ? hidden : `${hexNumber(value)} is not in 1..n-1`,
      field,
    );
  }
}

export class InvalidWord extends Refused {
  override readonly name = "InvalidWord";
  constructor() {
    super([], "a part of a hash input does not fill a word");
  }
}

export class InvalidQuestions extends Refused {
  override readonly name = "InvalidQuestions";
  constructor(index: number, reason = `question ${index} is not one that a poll can ask`) {
    super([index], reason);
  }
}

/** It has no values, as they would show the vote. */
export class InvalidScores extends Refused {
  override readonly name = "InvalidScores";
  constructor(reason: string, field = "") {
    super([], reason, field);
  }
}

export class InvalidThreshold extends Refused {
  override readonly name = "InvalidThreshold";
  constructor(threshold: bigint | number, trustees: number) {
    const rule = "a board with 2 <= t <= T <= 16 and 2t > T";
    super([threshold, trustees], `${threshold} of ${trustees} trustees is not ${rule}`);
  }
}

export class InvalidBallotShape extends Refused {
  override readonly name = "InvalidBallotShape";
  constructor(expected: number, actual: number) {
    super(
      [expected, actual],
      `the ballot has ${actual} words, but the questions require ${expected}`,
    );
  }
}

export class InvalidDealShape extends Refused {
  override readonly name = "InvalidDealShape";
  constructor(commitments: number, sealed: number) {
    const both = `${commitments} commitments and ${sealed} sealed shares`;
    super([commitments, sealed], `${both} do not fit the board`);
  }
}

export class InvalidShareShape extends Refused {
  override readonly name = "InvalidShareShape";
  constructor(sums: number, points: number) {
    super([sums, points], `${points} decryption points do not fit ${sums} sums`);
  }
}

export class InvalidQuorum extends Refused {
  override readonly name = "InvalidQuorum";
  constructor(index: number) {
    super([index], `trustee ${index} is outside 1..16, or is named twice`);
  }
}

export class CommitmentAtInfinity extends Refused {
  override readonly name = "CommitmentAtInfinity";
  constructor(index: number) {
    super([index], `commitment ${index} is the point at infinity`);
  }
}

export class DegenerateSum extends Refused {
  override readonly name = "DegenerateSum";
  constructor(index: number) {
    super([index], `the two parts of sum ${index} are equal, opposite or infinity`);
  }
}

export class InvalidProof extends Refused {
  override readonly name = "InvalidProof";
  constructor(claimed: bigint, computed: bigint) {
    const said = `the proof has the challenge ${hexNumber(claimed)}`;
    const found = `but its statement and its commitments give ${hexNumber(computed)}`;
    super([claimed, computed], `${said}, ${found}`);
  }
}

// -- Boards and polls --

export class InvalidMinVoters extends Refused {
  override readonly name = "InvalidMinVoters";
  constructor(minVoters: bigint) {
    super([minVoters], `a board decrypts for 2 voters or more, not for ${minVoters}`);
  }
}

export class InvalidAccount extends Refused {
  override readonly name = "InvalidAccount";
  constructor(account: string) {
    super([account], `the account ${account} is the address zero, or is named twice`);
  }
}

export class DuplicateSealingKey extends Refused {
  override readonly name = "DuplicateSealingKey";
  constructor(x: bigint, y: bigint) {
    const key = `(${hexNumber(x)}, ${hexNumber(y)})`;
    super([x, y], `two trustees have the sealing key ${key}, or its opposite`);
  }
}

export class NotSignedByTrustee extends Refused {
  override readonly name = "NotSignedByTrustee";
  constructor(trustee: number, signer: string) {
    super([trustee, signer], `${signer} signed this, not the account of trustee ${trustee}`);
  }
}

export class InvalidTimes extends Refused {
  override readonly name = "InvalidTimes";
  constructor(now: bigint, opens: bigint, closes: bigint) {
    const both = `the poll would open at ${timeText(opens)} and close at ${timeText(closes)}`;
    super([now, opens, closes], `${both}: a poll closes after it opens`);
  }
}

export class TooFewVoters extends Refused {
  override readonly name = "TooFewVoters";
  constructor(atLeast: bigint, minVoters: bigint) {
    super(
      [atLeast, minVoters],
      `the board decrypts for at least ${atLeast} voters, not for ${minVoters}`,
    );
  }
}

export class InvalidTotalWeight extends Refused {
  override readonly name = "InvalidTotalWeight";
  constructor(totalWeight: bigint, largest: number) {
    const product = `total weight ${totalWeight.toLocaleString("en-US")} times score ${largest}`;
    super([totalWeight, largest], `${product} is not in 1..2^40-1`);
  }
}

export class InvalidSignature extends Refused {
  override readonly name = "InvalidSignature";
  constructor(voter: string, signer: string) {
    super([voter, signer], `${signer} signed this, not the voter ${voter}`);
  }
}

/** Values: the phase needed, the actual phase, as contracts number them. */
export class WrongPhase extends Refused {
  override readonly name = "WrongPhase";
  constructor(expected: number, actual: number) {
    super([expected, actual], `the poll is in phase ${actual}; for this it must be in ${expected}`);
  }
}

/** Values: the tracker that counts, the tracker to be replaced; zeros for none. */
export class WrongTracker extends Refused {
  override readonly name = "WrongTracker";
  constructor(expected: string, replaces: string) {
    super([expected, replaces], `the ballot replaces ${replaces}, but ${expected} counts`);
  }
}

export class BallotExpired extends Refused {
  override readonly name = "BallotExpired";
  constructor(deadline: bigint, now: bigint) {
    const wanted = `the voter wanted the ballot cast by ${timeText(deadline)}`;
    super([deadline, now], `${wanted}, and it is now ${timeText(now)}`);
  }
}

// -- Files, texts and results --

/** An error of Veche whose message says all. */
abstract class Told extends VecheError {}

/** A document, a file or a link is not what it must be. */
export class InvalidDocument extends Told {
  override readonly name = "InvalidDocument";
}

/** Texts cannot be shown, or do not fit their poll or board. */
export class InvalidContent extends Told {
  override readonly name = "InvalidContent";
}

/** A roll is empty, or an entry of it is wrong. */
export class InvalidRoll extends Told {
  override readonly name = "InvalidRoll";
}

/** A roll proof shows another voter, another poll or another roll than it must, or shows nothing. */
export class WrongRollProof extends Told {
  override readonly name = "WrongRollProof";
}

/** What is published is not the roll of the poll. */
export class IncompleteRoll extends Told {
  override readonly name = "IncompleteRoll";
}

export class BallotSpent extends Told {
  override readonly name = "BallotSpent";
  constructor() {
    super("this ballot was audited, so it must not be cast");
  }
}

export class AuditFailed extends Told {
  override readonly name = "AuditFailed";
}

export class ChecksFailed extends Told {
  override readonly name = "ChecksFailed";
  constructor(failed: readonly string[]) {
    super(failed.join("; "));
  }
}

// -- Keys --

/** A file is no keystore that can be opened here. */
export class InvalidKeystore extends Told {
  override readonly name = "InvalidKeystore";
}

export class WrongPassword extends Told {
  override readonly name = "WrongPassword";
  constructor() {
    super("this password does not open the key file");
  }
}

// -- Enrolment (docs/enrolment.md) --

/** A binding or a list of codes is not signed, as it stands, by a key that has to sign it. */
export class NotSignedBy extends Refused {
  override readonly name = "NotSignedBy";
  constructor(expected: string, signer: string) {
    super([expected, signer], `${signer} signed this, not ${expected}`);
  }
}

/** A text is not the code of a letter. The message never repeats the code, which is a secret. */
export class InvalidCode extends Told {
  override readonly name = "InvalidCode";
  /** The group that is wrong, from 1; null if that cannot be known. */
  readonly group: number | null;
  constructor(reason: string, group: number | null = null) {
    super(reason);
    this.group = group;
  }
}

// -- Nodes --

/** A node was lost, refuses to answer, or answers nonsense. That is no verdict on a poll. */
export abstract class NodeError extends Told {}

export class NodeUnreachable extends NodeError {
  override readonly name = "NodeUnreachable";
}

/** The node answers with an error: its own words, and the number of the error; 0 if it has none. */
export class NodeRefused extends NodeError {
  override readonly name: string = "NodeRefused";
  readonly said: string;
  readonly code: number;
  constructor(message: string, said = "", code = 0) {
    super(message);
    this.said = said;
    this.code = code;
  }
}

/** The node answers with HTTP status 401 or 403. */
export class NodeForbids extends NodeRefused {
  override readonly name = "NodeForbids";
}

/** The node has too many requests to answer; `after` is for how many seconds it asks to wait. */
export class NodeBusy extends NodeRefused {
  override readonly name = "NodeBusy";
  readonly after: number;
  constructor(message: string, said = "", after = 0) {
    super(message, said);
    this.after = after;
  }
}

/** The node has thrown away what was asked for. */
export class HistoryPruned extends NodeRefused {
  override readonly name = "HistoryPruned";
}

/** The answer does not end in time, or is larger than any that is needed. */
export class EndlessAnswer extends NodeError {
  override readonly name = "EndlessAnswer";
}

/** The answer is malformed, or about something else than was asked for. */
export class WrongAnswer extends NodeError {
  override readonly name = "WrongAnswer";
}

/** No new block comes, although the poll must have closed. */
export class NodeStandsStill extends NodeError {
  override readonly name = "NodeStandsStill";
}

export class NodeBehind extends NodeError {
  override readonly name = "NodeBehind";
}

export class LogsMissing extends NodeError {
  override readonly name = "LogsMissing";
}

/** There is no such contract, or it answers as no contract of Veche would. */
export class UnknownContract extends Told {
  override readonly name = "UnknownContract";
}

export class WrongNetwork extends Told {
  override readonly name = "WrongNetwork";
}
