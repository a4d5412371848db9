/** Follows a poll: at every look every check is made again, but each ballot is checked once. */

import { type Bytes, same } from "../bytes";
import type { Node } from "../chain/node";
import { NodeBehind, UnknownContract } from "../errors";
import type { Address } from "../protocol/addresses";
import { type BlockMark, isSame } from "../protocol/block_mark";
import type { Phase } from "../protocol/phase";
import { Roll } from "../protocol/roll";
import type { Report } from "../trust/report";
import { checkAgreement, commonBlock } from "./agreement";
import type { BallotBox, Examiner, Progress } from "./ballot_box";
import { NodeEvidence } from "./node_evidence";
import { type Verification, verify } from "./verification";

/** Phases after which nothing more can happen to a poll. */
const OVER: readonly (Phase | null)[] = ["tallied", "void", "cancelled"];

/** A look at a poll, with all checks of all ballots since the poll began. */
export interface Observation {
  /** The newest block of that moment, which all nodes have. */
  readonly mark: BlockMark;
  readonly evidence: NodeEvidence;
  readonly found: Verification;
  /** Whether blocks that were seen before are gone, so that all ballots were counted again. */
  readonly isReorganised: boolean;
  /** Whether nothing more can happen to the poll. */
  readonly isOver: boolean;
}

/** What is watched: a poll at nodes that must agree, with the hash that was told. */
interface Watched {
  readonly nodes: readonly [Node, ...Node[]];
  readonly poll: Address;
  readonly expect: Bytes | null;
  readonly examiner: Examiner;
  readonly progress: Progress;
}

export class Watch {
  readonly #of: Watched;
  #seen: BlockMark | null = null;
  #box: BallotBox | null = null;

  constructor(of: Watched) {
    this.#of = of;
  }

  /**
   * Checks what is new, into a report; null if no block has come since the last look. `meet` sees the
   * evidence before it is checked.
   */
  async look(
    report: Report,
    meet: ((evidence: NodeEvidence) => Promise<void>) | null = null,
  ): Promise<Observation | null> {
    const { nodes, expect, examiner, progress } = this.#of;
    const mark = await commonBlock(nodes);
    if (this.#seen && isSame(mark, this.#seen)) return null;
    const isReorganised = await this.#isGone(mark);
    const box = isReorganised ? null : this.#box;
    this.#box = null; // a look that fails leaves it half counted
    const since = this.#seen && box ? this.#seen.number + 1n : undefined;
    const evidence = new NodeEvidence(nodes[0], this.#of.poll, mark, since);
    await this.#requirePoll(evidence);
    await meet?.(evidence);
    const found = await verify(evidence, report, { expect, examiner, progress, box });
    if (nodes.length > 1) await checkAgreement(evidence, nodes.slice(1), report);
    this.#seen = mark;
    if (found.box?.roll instanceof Roll) this.#box = found.box; // otherwise nobody was on the roll
    return { mark, evidence, found, isReorganised, isOver: OVER.includes(found.phase) };
  }

  /** A node that has shown the poll before is behind, or lies, if it does not any more. */
  async #requirePoll(evidence: NodeEvidence): Promise<void> {
    try {
      await evidence.poll.code();
    } catch (error) {
      if (!this.#seen || !(error instanceof UnknownContract)) throw error;
      throw new NodeBehind(`${evidence.node.name} shows the poll no more: ${error.message}`);
    }
  }

  /** Whether the block that was seen last is no longer in the chain. */
  async #isGone(mark: BlockMark): Promise<boolean> {
    if (!this.#seen) return false;
    if (this.#seen.number > mark.number) return true;
    const { hash } = await this.#of.nodes[0].block(this.#seen.number);
    return !same(hash, this.#seen.hash);
  }
}
