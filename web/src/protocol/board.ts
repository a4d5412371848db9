/** Boards of trustees: what defines one (PROTOCOL §2). */

import { type Bytes, utf8 } from "../bytes";
import type { Point } from "../crypto/group";
import { keccak } from "../crypto/keccak";
import { requireThreshold } from "../crypto/sharing";
import * as transcript from "../crypto/transcript";
import { DuplicateSealingKey, InvalidAccount, InvalidMinVoters } from "../errors";
import { type Address, NOBODY } from "./addresses";
import * as boardTexts from "./board_texts";

interface TrusteeTerms {
  /** The address of the account that signs the trustee's deal and confirmation. */
  readonly account: Address;
  /** E, the key under which shares are sealed for the trustee. */
  readonly sealingKey: Point;
}

/** What officials convene a board with; times are seconds since 1970. */
interface BoardTerms {
  readonly threshold: bigint;
  readonly minVoters: bigint;
  readonly dealBy: bigint;
  readonly confirmBy: bigint;
  readonly trustees: readonly TrusteeTerms[];
  /** The board's texts, as the JSON document that stands on chain. */
  readonly content: string;
}

export interface BoardDefinition {
  readonly chainId: bigint;
  readonly address: Address;
  readonly terms: BoardTerms;
  /** The hash of all of this, 32 bytes. */
  readonly hash: Bytes;
}

export function defineBoard(chainId: bigint, address: Address, terms: BoardTerms): BoardDefinition {
  const hash = transcript.boardHash({
    ...terms,
    chainId,
    board: BigInt(address),
    contentHash: keccak(utf8(terms.content)),
    trustees: terms.trustees.map((each) => [BigInt(each.account), each.sealingKey] as const),
  });
  return { chainId, address, terms, hash };
}

/** Refuses terms and texts that no board can have, whatever the time. */
export function requireSound(terms: BoardTerms): void {
  requireThreshold(terms.threshold, terms.trustees.length);
  if (terms.minVoters < 2n) throw new InvalidMinVoters(terms.minVoters);
  const accounts = new Set<Address>([NOBODY]);
  const keys = new Set<bigint>();
  for (const { account, sealingKey } of terms.trustees) {
    if (accounts.has(account)) throw new InvalidAccount(account);
    if (keys.has(sealingKey.x)) throw new DuplicateSealingKey(sealingKey.x, sealingKey.y);
    accounts.add(account);
    keys.add(sealingKey.x);
  }
  boardTexts.decode(terms.content, terms.trustees.length);
}
