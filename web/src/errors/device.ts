/** Errors of the reader's own device: what a browser or a wallet does not do. */

import { VecheError } from "./root";

/** The page was loaded over plain HTTP, where a browser has no encryption. */
export class InsecurePage extends VecheError {
  override readonly name = "InsecurePage";
  constructor() {
    super(
      "browsers encrypt only on pages from https:// or from a file: open this page in that way",
    );
  }
}

/** A wallet does not do what it was asked for. */
export abstract class WalletError extends VecheError {}

/** The voter said no in the wallet. */
export class WalletRefused extends WalletError {
  override readonly name = "WalletRefused";
  constructor() {
    super("you said no in the wallet, so nothing was signed");
  }
}

/** The wallet is locked, or shows no account. */
export class WalletLocked extends WalletError {
  override readonly name = "WalletLocked";
  constructor() {
    super("the wallet shows no account: unlock it, and allow this page to see your account");
  }
}

/** The wallet waits for an answer to an earlier question. */
export class WalletBusy extends WalletError {
  override readonly name = "WalletBusy";
  constructor() {
    super("the wallet still waits for an answer: open it, answer there, then try again");
  }
}

/** The wallet is on another chain than the poll, and does not change. */
export class WalletElsewhere extends WalletError {
  override readonly name = "WalletElsewhere";
  /** The poll's chain. */
  readonly chainId: bigint;
  constructor(chainId: bigint) {
    super(`the wallet is on another network: choose the one with chain id ${chainId} there`);
    this.chainId = chainId;
  }
}

/** The wallet answers what no wallet should, or cannot sign typed data. */
export class WalletFailed extends WalletError {
  override readonly name = "WalletFailed";
}

/** A ballot that the voter has sent from elsewhere may still be cast. */
export class BallotUnderWay extends VecheError {
  override readonly name = "BallotUnderWay";
  constructor() {
    super("another ballot of yours is on its way: wait until it counts, or until its deadline");
  }
}
