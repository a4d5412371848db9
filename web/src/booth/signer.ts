/** Who signs a voter's ballot: a key in this page's memory, or a wallet. */

import type { Address } from "../protocol/addresses";
import type { BallotMessage, Domain, Signature } from "../protocol/signature";

export interface Signer {
  readonly account: Address;
  readonly kind: "keystore" | "wallet";
  sign(domain: Domain, message: BallotMessage): Promise<Signature>;
}
