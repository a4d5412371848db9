/**
 * The desk: what the booth computes in a worker. It checks what the poll stands on before it encrypts
 * anything, and it alone holds what opens a ballot. A ballot that it has made leaves it once: proven,
 * to be cast, or opened, to be audited.
 */

import { type Bytes, hex } from "../bytes";
import { Node } from "../chain/node";
import { type Ballot, getReady, verify, wordsOf } from "../crypto/ballot_proof";
import { BallotSpent, ChecksFailed, InvalidDocument, said, WrongNetwork } from "../errors";
import { NodeEvidence } from "../observer/node_evidence";
import type { Address } from "../protocol/addresses";
import { checkAudit, fromJson, toJson } from "../protocol/audit";
import { PreparedBallot, type Voter } from "../protocol/ballot";
import { decode as boardTexts } from "../protocol/board_texts";
import { decode, type Scores } from "../protocol/content";
import { type PollDefinition, toPlain } from "../protocol/definition";
import { write } from "../protocol/json";
import type { Link } from "../protocol/link";
import { readRoll } from "../protocol/published_roll";
import type { Roll } from "../protocol/roll";
import { checkFoundation } from "../trust/foundation";
import { type Check, Report } from "../trust/report";
import { type Entitled, entitledOn } from "./roll";

/** A poll that passed its checks. */
export interface OpenedPoll {
  /** The definition as a JSON document. */
  readonly definition: string;
  readonly board: string;
  readonly trustees: readonly string[];
  readonly threshold: number;
}

/** What a ballot is for the screen: its tracker. */
interface PreparedOnDesk {
  readonly tracker: Bytes;
}

/** An audit file that was checked. */
export interface CheckedAudit {
  readonly title: string;
  readonly pollHash: string;
  readonly tracker: string;
  readonly votes: readonly Scores[];
}

/** What the desk is asked for, and what it gives. */
export interface Tasks {
  /** Checks what a poll stands on; each check is told as it is made. */
  open: { give: { url: string; link: Link }; get: OpenedPoll };
  /** Finds a voter on the published roll; null for somebody who is not on it. */
  find: { give: { voter: Address }; get: Entitled | null };
  /** Encrypts and proves, and verifies its own proof. */
  prepare: { give: { scores: readonly number[]; voter: Voter }; get: PreparedOnDesk };
  /** Gives the ballot with this tracker, in words. It is never opened after that. */
  release: { give: { tracker: Bytes }; get: readonly bigint[] };
  /** Opens the ballot with this tracker, as an audit file. It is never cast after that. */
  audit: { give: { tracker: Bytes }; get: string };
  /** Checks an audit file of this or another device. */
  check: { give: { text: string }; get: CheckedAudit };
}

export type Kind = keyof Tasks;

interface Question<K extends Kind = Kind> {
  readonly id: number;
  readonly kind: K;
  readonly give: Tasks[K]["give"];
}

export type Reply =
  | { readonly id: number; readonly kind: "check"; readonly check: Check }
  | { readonly id: number; readonly kind: "done"; readonly get: unknown }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
    };

type Tell = (check: Check) => void;

class Desk {
  #evidence: NodeEvidence | null = null;
  #poll: PollDefinition | null = null;
  #roll: Roll | null = null;
  #made: { readonly prepared: PreparedBallot; readonly ballot: Ballot } | null = null;

  readonly tasks: {
    [K in Kind]: (give: Tasks[K]["give"], tell: Tell) => Promise<Tasks[K]["get"]>;
  } = {
    open: ({ url, link }, tell) => this.#open(url, link, tell),
    find: async ({ voter }) => entitledOn(this.#required(), voter, await this.#readRoll()),
    prepare: async ({ scores, voter }) => this.#prepare(scores, voter),
    release: async ({ tracker }) => {
      const { ballot } = this.#take(tracker);
      return wordsOf(ballot);
    },
    audit: async ({ tracker }) => toJson(this.#take(tracker).prepared.audit()),
    check: async ({ text }) => checkedAudit(text),
  };

  async #open(url: string, link: Link, tell: Tell): Promise<OpenedPoll> {
    const node = new Node(url);
    const chainId = await node.chainId();
    if (chainId !== link.chainId) {
      const said = `the link names a poll on chain ${link.chainId}`;
      throw new WrongNetwork(`${said}, but ${node.name} is on chain ${chainId}`);
    }
    const report = new Report(tell);
    const evidence = new NodeEvidence(node, link.address, await node.block());
    const { definition, ceremony } = await checkFoundation(evidence, report, link.pollHash);
    report.require();
    if (!definition || !ceremony) throw new ChecksFailed([]);
    decode(definition.content, definition.questions);
    const { terms } = ceremony.definition;
    const texts = boardTexts(terms.content, terms.trustees.length);
    this.#evidence = evidence;
    this.#poll = definition;
    setTimeout(() => getReady(definition.key)); // while the voter still reads
    return {
      definition: write(toPlain(definition)),
      board: texts.name,
      trustees: texts.trustees,
      threshold: Number(terms.threshold),
    };
  }

  #required(): PollDefinition {
    if (this.#poll) return this.#poll;
    throw new InvalidDocument("no poll is open");
  }

  async #readRoll(): Promise<Roll> {
    if (!this.#evidence) throw new InvalidDocument("no poll is open");
    this.#roll ??= readRoll(await this.#evidence.rollParts(), this.#required());
    return this.#roll;
  }

  #prepare(scores: readonly number[], voter: Voter): PreparedOnDesk {
    this.#made = null;
    const poll = this.#required();
    const prepared = PreparedBallot.encrypt(scores, poll, voter);
    const ballot = prepared.prove();
    verify(ballot, { ...poll, tracker: prepared.tracker });
    this.#made = { prepared, ballot };
    return { tracker: prepared.tracker };
  }

  /** The ballot, once. */
  #take(tracker: Bytes): { prepared: PreparedBallot; ballot: Ballot } {
    const found = this.#made;
    if (!found || hex(found.prepared.tracker) !== hex(tracker)) throw new BallotSpent();
    this.#made = null;
    return found;
  }
}

function checkedAudit(text: string): CheckedAudit {
  const audit = fromJson(text);
  const votes = checkAudit(audit);
  const { definition, tracker } = audit;
  const { title } = decode(definition.content, definition.questions);
  return { title, pollHash: hex(definition.hash), tracker: hex(tracker), votes };
}

/** Answers what comes through a port. */
export function serve(port: MessagePort): void {
  const desk = new Desk();
  port.onmessage = async ({ data }: MessageEvent<Question>) => {
    const reply = (of: Reply): void => port.postMessage(of);
    const { id, kind, give } = data;
    try {
      const work = desk.tasks[kind] as (give: unknown, tell: Tell) => Promise<unknown>;
      const get = await work(give, (check) => reply({ id, kind: "check", check }));
      reply({ id, kind: "done", get });
    } catch (error) {
      reply({ id, kind: "failed", ...said(error) });
    }
  };
}

/** Makes a worker a desk, if its first message says so. */
export function serveDesk(): void {
  self.addEventListener(
    "message",
    ({ data }: MessageEvent<{ kind: string; port: MessagePort }>) => {
      if (data.kind === "desk") serve(data.port);
    },
  );
}
