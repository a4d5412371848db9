/** What is told of a poll that was checked, as plain data that workers can pass on. */

import { type Bytes, same } from "../bytes";
import { known } from "../errors";
import type { Growth } from "../observer/ballot_box";
import { checkCatalogue } from "../observer/basis";
import type { Evidence } from "../observer/evidence";
import { phaseOf } from "../observer/phase";
import { turnoutOf, type Verification } from "../observer/verification";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import * as boardTexts from "../protocol/board_texts";
import { type Content, decode } from "../protocol/content";
import type { PollDefinition } from "../protocol/definition";
import {
  figuresOf,
  type QuestionFigures,
  type Quorum,
  quorumOf,
  type Turnout,
} from "../protocol/figures";
import type { Phase } from "../protocol/phase";
import type { Ceremony } from "../trust/ceremony";

/** Maximum points of a line that is drawn. */
const POINTS = 200;

/** What defines a poll, as somebody shows it. */
export interface ShownPoll {
  readonly address: Address;
  readonly chainId: bigint;
  readonly hash: Bytes;
  /** Null if the texts cannot be shown. */
  readonly title: string | null;
  readonly description: string;
  readonly opens: bigint;
  readonly closes: bigint;
  readonly minVoters: bigint;
}

/** What a node or a file says before anything is checked. */
export interface Said {
  readonly mark: BlockMark;
  readonly poll: ShownPoll;
  readonly phase: Phase;
  readonly voters: bigint;
  readonly weight: bigint;
  readonly totalWeight: bigint;
}

interface ShownTrustee {
  /** Null if the board's texts cannot be shown. */
  readonly name: string | null;
  readonly account: Address;
  readonly hasDealt: boolean;
  readonly hasConfirmed: boolean;
  readonly hasShared: boolean;
}

export interface ShownCeremony {
  readonly name: string | null;
  readonly board: Address;
  readonly threshold: bigint;
  readonly trustees: readonly ShownTrustee[];
}

/** What a verdict rests on. */
export interface ShownBasis {
  /** Null if no poll hash was told; otherwise whether it is that of the poll. */
  readonly isTold: boolean | null;
  readonly catalogue: Address | null;
  /** Null if no catalogue was named; otherwise whether it made the poll. */
  readonly isNamed: boolean | null;
  /** The names of the nodes that have shown the poll; none for a file alone. */
  readonly nodes: readonly string[];
  readonly isFile: boolean;
  readonly mark: BlockMark;
}

/** Null for what cannot be read, or is not there. */
export interface Shown {
  readonly basis: ShownBasis;
  readonly poll: ShownPoll | null;
  readonly phase: Phase | null;
  readonly turnout: Turnout | null;
  readonly growth: readonly Growth[];
  readonly ballots: number;
  readonly ceremony: ShownCeremony | null;
  /** Only if every check passed. */
  readonly results: readonly QuestionFigures[] | null;
  readonly quorum: Quorum | null;
}

/** A poll of a catalogue, as a node says. */
export interface CataloguePoll {
  readonly address: Address;
  readonly title: string | null;
  readonly phase: Phase;
  readonly closes: bigint;
  readonly voters: bigint;
}

/** What an observer was told, and which nodes have shown the poll. */
export interface Rests {
  readonly told: Bytes | null;
  readonly catalogue: Address | null;
  readonly nodes: readonly string[];
  readonly isFile: boolean;
}

/** What is read; null if it cannot be shown. */
function shownIf<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    known(error);
    return null;
  }
}

/** The texts of a poll; null if they cannot be shown. */
export const textsOf = (of: Pick<PollDefinition, "content" | "questions">): Content | null =>
  shownIf(() => decode(of.content, of.questions));

function shownPoll(definition: PollDefinition): ShownPoll {
  const texts = textsOf(definition);
  const { address, chainId, hash, opens, closes, minVoters } = definition;
  const [title, description] = [texts?.title ?? null, texts?.description ?? ""];
  return { address, chainId, hash, title, description, opens, closes, minVoters };
}

/** What evidence says before anything is checked. */
export async function saidBy(evidence: Evidence): Promise<Said> {
  const [definition, state] = [await evidence.definition(), await evidence.state()];
  const mark = evidence.mark();
  return {
    mark,
    poll: shownPoll(definition),
    phase: phaseOf(definition, state, mark.time),
    voters: state.voters,
    weight: state.weight,
    totalWeight: definition.totalWeight,
  };
}

/** What is told of a poll, once all checks are made. */
export function shownOf(found: Verification, mark: BlockMark, rests: Rests): Shown {
  const { foundation, phase, box, report } = found;
  const { definition, ceremony } = foundation;
  checkCatalogue(rests, foundation, report);
  const sharers = new Set(found.shares?.map((each) => each.trustee));
  return {
    basis: basisOf(found, mark, rests),
    poll: definition && shownPoll(definition),
    phase,
    turnout: turnoutOf(found),
    growth: thinned(box?.growth ?? []),
    ballots: box?.count ?? 0,
    ceremony: ceremony && shownCeremony(ceremony, sharers),
    ...resultsOf(found),
  };
}

/** The figures of a result; none unless every check passed. */
function resultsOf(found: Verification): Pick<Shown, "results" | "quorum"> {
  const { definition } = found.foundation;
  const turnout = turnoutOf(found);
  const scores = found.state?.result ?? [];
  const texts = definition && textsOf(definition);
  if (found.report.verdict !== "pass" || !scores.length || !texts || !turnout) {
    return { results: null, quorum: null };
  }
  let at = 0;
  const results = definition.questions.items.map((limits, index) => {
    const own = scores.slice(at, (at += limits.options));
    return figuresOf(texts.questions[index] as Content["questions"][number], limits, own, turnout);
  });
  return { results, quorum: quorumOf(texts, turnout) };
}

function basisOf({ foundation }: Verification, mark: BlockMark, rests: Rests): ShownBasis {
  const own = foundation.definition?.hash;
  const isTold = rests.told && own !== undefined && same(own, rests.told);
  const { catalogue } = foundation;
  const isNamed = rests.catalogue === null ? null : catalogue === rests.catalogue;
  return { isTold, catalogue, isNamed, nodes: rests.nodes, isFile: rests.isFile, mark };
}

function shownCeremony(ceremony: Ceremony, sharers: ReadonlySet<bigint>): ShownCeremony {
  const { address, terms } = ceremony.definition;
  const named = shownIf(() => boardTexts.decode(terms.content, terms.trustees.length));
  const dealers = new Set(ceremony.deals.map((each) => each.dealer));
  const confirmers = new Set(ceremony.confirmations.map((each) => each.trustee));
  const trustees = terms.trustees.map(({ account }, at) => {
    const index = BigInt(at + 1);
    return {
      name: named?.trustees[at] ?? null,
      account,
      hasDealt: dealers.has(index),
      hasConfirmed: confirmers.has(index),
      hasShared: sharers.has(index),
    };
  });
  const { threshold } = terms;
  return { name: named?.name ?? null, board: address, threshold, trustees };
}

/** A line with fewer points, the last one among them. */
function thinned(growth: readonly Growth[]): Growth[] {
  const step = Math.ceil(growth.length / POINTS);
  return growth.filter((_, at) => at % step === 0 || at === growth.length - 1);
}
