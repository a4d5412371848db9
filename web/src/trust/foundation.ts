/** The checks before trust: what is checked before a vote is encrypted for a key (PROTOCOL §2). */

import { type Bytes, hex, same } from "../bytes";
import { counted } from "../errors";
import type { Address } from "../protocol/addresses";
import { type PollDefinition, requireSound } from "../protocol/definition";
import { cloneParts } from "./artifact";
import { BOARD_HASH, type Ceremony, checkCeremony } from "./ceremony";
import * as cloneTerms from "./clone_terms";
import * as provenance from "./provenance";
import { faultInFirstBlock, faultInOrigin, faultsInRoot, type Provenance } from "./provenance";
import { faultIn, type Report } from "./report";

export const POLL_HASH = "poll hash";
export const POLL_RULES = "poll's rules";
export const POLL_KEY = "poll's key";
export const SAME_CONTRACTS = "contracts that were checked";

type Read<T> = () => T | Promise<T>;

/** What a poll stands on, as a node or a record shows it. */
export interface FoundationEvidence {
  readonly provenance: Read<Provenance>;
  readonly ceremony: Read<Ceremony>;
  /** The poll's definition, as the contract shows it. */
  readonly definition: Read<PollDefinition>;
  /** The hash of the definition by the contract, 32 bytes. */
  readonly pollHash: Read<Bytes>;
}

/** What a poll stands on, after its checks; null for what cannot be read. */
export interface Foundation {
  readonly definition: PollDefinition | null;
  readonly ceremony: Ceremony | null;
  readonly catalogue: Address | null;
}

/** Adds to a report everything that must hold before somebody trusts a poll. */
export async function checkFoundation(
  evidence: FoundationEvidence,
  report: Report,
  expect: Bytes | null = null,
): Promise<Foundation> {
  const found = await report.reading(provenance.CATALOGUE, async () => {
    const shown = await evidence.provenance();
    checkProvenance(shown, report);
    return shown;
  });
  const ceremony = await report.reading(BOARD_HASH, async () => {
    const shown = await evidence.ceremony();
    checkCeremony(shown, report);
    return shown;
  });
  let definition: PollDefinition | null = null;
  await report.reading(POLL_HASH, async () => {
    definition = await evidence.definition();
    checkPollHash(definition, await evidence.pollHash(), report, expect);
  });
  if (definition && ceremony) checkPoll(definition, ceremony, found, report);
  return { definition, ceremony, catalogue: found?.root.address ?? null };
}

function checkPoll(
  definition: PollDefinition,
  ceremony: Ceremony,
  found: Provenance | null,
  report: Report,
): void {
  const atLeast = ceremony.definition.terms.minVoters;
  const fewest = counted(definition.minVoters, "voter");
  const weight = definition.totalWeight.toLocaleString("en-US");
  const rules = `a result for ${fewest} or more, total weight ${weight}`;
  report.add(
    POLL_RULES,
    faultIn(() => requireSound(definition, atLeast)),
    rules,
  );
  checkKey(definition, ceremony, report);
  if (found) checkSameContracts(definition, ceremony, found, report);
}

/** Adds to a report where a poll, its board and its catalogue come from. */
function checkProvenance({ root, board, poll }: Provenance, report: Report): void {
  const details = new Map([
    [provenance.CATALOGUE, `created at ${root.address} by the published code`],
    [provenance.POLL_CODE, `the published code, at ${root.polls.address}`],
    [provenance.TALLY_CODE, `the published code, at ${root.tally.address}`],
    [provenance.BOARD_CODE, `the published code, at ${root.boards.address}`],
  ]);
  for (const [name, fault] of faultsInRoot(root)) report.add(name, fault, details.get(name) ?? "");
  const made = `, made by the catalogue at ${root.address}`;
  report.add(provenance.BOARD, faultInOrigin(board, root, root.boards), board.address + made);
  report.add(provenance.POLL, faultInOrigin(poll, root, root.polls), poll.address + made);
  if (root.firstAccounts) {
    const nothing = "the chain began with nothing at these addresses";
    report.add(provenance.FIRST_BLOCK, faultInFirstBlock(root, [board, poll]), nothing);
  }
}

function checkPollHash(
  definition: PollDefinition,
  shown: Bytes,
  report: Report,
  expect: Bytes | null,
): void {
  const own = hex(definition.hash);
  const isShown = same(shown, definition.hash);
  const isExpected = expect === null || same(expect, definition.hash);
  const contract = isShown ? "" : `, but the contract says ${hex(shown)}`;
  const told = expect === null || isExpected ? "" : `, but you were told ${hex(expect)}`;
  report.add(POLL_HASH, contract || told ? own + contract + told : "", own);
}

/** Adds to a report whether a poll's key is the key of the board that it names. */
function checkKey(definition: PollDefinition, ceremony: Ceremony, report: Report): void {
  const board = ceremony.definition;
  const holds =
    definition.board === board.address &&
    same(definition.boardHash, board.hash) &&
    definition.key.equals(ceremony.key);
  const detail = `of the board at ${board.address}`;
  report.add(POLL_KEY, holds ? "" : detail, detail);
}

/** Adds whether the contracts whose origin was checked are those of definition and ceremony. */
function checkSameContracts(
  definition: PollDefinition,
  ceremony: Ceremony,
  found: Provenance,
  report: Report,
): void {
  const areSame =
    definition.board === ceremony.definition.address &&
    definition.board === found.board.address &&
    definition.address === found.poll.address;
  const detail = `the poll at ${definition.address} and its board at ${definition.board}`;
  const fault = areSame
    ? haveTerms(definition, ceremony, found)
      ? ""
      : "their code carries other terms"
    : "others are defined";
  report.add(SAME_CONTRACTS, fault && `${detail}: ${fault}`, detail);
}

/** Whether poll and board carry their terms. A contract that is no clone has a check of its own. */
function haveTerms(definition: PollDefinition, ceremony: Ceremony, found: Provenance): boolean {
  const catalogue = found.root.address;
  const [poll, board] = [cloneParts(found.poll.code), cloneParts(found.board.code)];
  return (
    (!poll || cloneTerms.areOfPoll(poll.terms, definition, catalogue)) &&
    (!board || cloneTerms.areOfBoard(board.terms, ceremony.definition, catalogue))
  );
}
