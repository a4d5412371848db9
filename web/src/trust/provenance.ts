/**
 * Checks where contracts come from: a catalogue whose address shows that the published constructor
 * ran there, and boards and polls that it made (PROTOCOL §2).
 */

import { type Bytes, bytesOf, bytesOfNumber, joined } from "../bytes";
import { keccak } from "../crypto/keccak";
import { type Address, addressOf, bytesOfAddress } from "../protocol/addresses";
import { cloneParts, hashOfCreation, isCode, type Name, published } from "./artifact";

export const CATALOGUE = "catalogue";
export const POLL_CODE = "code of polls";
export const TALLY_CODE = "code that counts polls";
export const BOARD_CODE = "code of boards";
export const BOARD = "board of the catalogue";
export const POLL = "poll of the catalogue";
export const FIRST_BLOCK = "first block";

const BEWARE = "somebody may be trying to read votes or to stop them";

/** A contract whose code all polls, or all boards, of a catalogue run. */
export interface SharedCode {
  readonly address: Address;
  readonly code: Bytes;
}

/** A catalogue, with everything that its address is the hash of. */
interface Root extends SharedCode {
  readonly deployer: Address;
  readonly salt: Bytes;
  readonly firstOwner: Address;
  readonly polls: SharedCode;
  /** What counts the catalogue's polls, which the code of polls has made. */
  readonly tally: SharedCode;
  readonly boards: SharedCode;
  /** The addresses that the chain's first block gives something; null if it is not known. */
  readonly firstAccounts: readonly Address[] | null;
}

/** Where a board or a poll comes from. */
export interface Origin extends SharedCode {
  /** Whether the catalogue says that it made the contract. */
  readonly isOfficial: boolean;
}

export interface Provenance {
  readonly root: Root;
  readonly board: Origin;
  readonly poll: Origin;
}

/** What is wrong with a catalogue and its code, by the name of the check; empty if nothing. */
export function faultsInRoot(root: Root): Map<string, string> {
  const creation = hashOfCreation(
    joined([
      ...[root.firstOwner, root.polls.address, root.boards.address].map((each) =>
        bytesOfNumber(BigInt(each)),
      ),
      root.salt,
    ]),
  );
  const expected = create2(root.deployer, root.salt, creation);
  const { polls, tally, boards, deployer } = root;
  return new Map([
    [CATALOGUE, fault("PollCatalogue", root, expected)],
    [POLL_CODE, fault("Poll", polls, sharedAddress("Poll", deployer))],
    [TALLY_CODE, fault("Tally", tally, firstCreated(polls.address))],
    [BOARD_CODE, fault("TrusteeBoard", boards, sharedAddress("TrusteeBoard", deployer))],
  ]);
}

/** What is wrong with where a board or a poll comes from. */
export function faultInOrigin(origin: Origin, root: Root, shared: SharedCode): string {
  if (cloneParts(origin.code)?.address !== shared.address) {
    return `a clone of ${shared.address} is expected at ${origin.address}: ${BEWARE}`;
  }
  if (origin.isOfficial) return "";
  return `the catalogue at ${root.address} did not make ${origin.address}: ${BEWARE}`;
}

/** What is wrong with the first block of the chain; empty if nothing, or if it is not known. */
export function faultInFirstBlock(root: Root, origins: readonly Origin[]): string {
  const own = [root, root.polls, root.tally, root.boards, ...origins].map((each) => each.address);
  const first = new Set(root.firstAccounts ?? []);
  const found = own.filter((each) => first.has(each)).sort();
  return found.length ? `the chain began with an account at ${found.join(", ")}: ${BEWARE}` : "";
}

/** What is wrong with the contract at an address where the published code would have another. */
function fault(name: Name, { address, code }: SharedCode, expected: Address): string {
  if (address !== expected) {
    return `the published ${name}, created like this, is at ${expected} and not at ${address}: ${BEWARE}`;
  }
  return isCode(name, code) ? "" : `the code of a ${name} is expected at ${address}: ${BEWARE}`;
}

const sharedAddress = (name: Name, deployer: Address): Address =>
  create2(deployer, new Uint8Array(32), bytesOf(published(name).creationHash.slice(2)) as Bytes);

/** The address of the contract that a deployer creates with CREATE2 (EIP-1014). */
export const create2 = (deployer: Address, salt: Bytes, creationHash: Bytes): Address =>
  addressOf(
    keccak(joined([new Uint8Array([0xff]), bytesOfAddress(deployer), salt, creationHash])).slice(
      12,
    ),
  );

/** The address of the contract that another creates first of all, with CREATE (EIP-161). */
const firstCreated = (creator: Address): Address =>
  addressOf(
    keccak(
      joined([new Uint8Array([0xd6, 0x94]), bytesOfAddress(creator), new Uint8Array([1])]),
    ).slice(12),
  );
