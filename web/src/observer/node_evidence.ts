/**
 * Evidence from a node: the public data of a poll, all at one block. Nodes give logs by block numbers
 * alone; so the block is looked at again once logs are read.
 */

import { type Bytes, bytesOfNumber, hex, joined } from "../bytes";
import { address, flag, listOf, phase, tuple, uint, uint64, word } from "../chain/abi";
import { type Contract, type Event, type Happened, pair, pointOf } from "../chain/contract";
import { MOST_TOGETHER } from "../chain/dialects";
import { NodeFoundation } from "../chain/foundation";
import { kept } from "../chain/kept";
import type { Node } from "../chain/node";
import { Ciphertext } from "../crypto/elgamal";
import { proofFromOutside } from "../crypto/equality_proof";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import type { LoggedBallot } from "../protocol/logged_ballot";
import type { Part } from "../protocol/published_roll";
import { fromWord } from "../protocol/trackers";
import type { Cast, Evidence, Named, PollState, PostedShare, Proofs } from "./evidence";

type BallotValues = [bigint, Bytes, bigint, Bytes, Bytes, bigint[]];

/** A ballot that the poll accepted. */
export const BALLOT_CAST: Event<Address | Bytes, BallotValues> = {
  signature: "BallotCast(address,bytes32,uint256,bytes32,uint64,bytes32,bytes32,uint256[])",
  indexed: [address, word],
  data: tuple(uint, word, uint64, word, word, listOf(uint)),
};
const ROLL: Event<bigint, [[Address, bigint][]]> = {
  signature: "RollPublished(uint256,(address,uint256)[])",
  indexed: [uint],
  data: tuple(listOf(tuple(address, uint))),
};
const SHARE: Event<bigint, [[bigint, bigint][], [bigint, bigint]]> = {
  signature: "SharePosted(uint256,(uint256,uint256)[],(uint256,uint256))",
  indexed: [uint],
  data: tuple(listOf(pair), pair),
};

function loggedBallot({ indexed, values }: Happened<Address | Bytes, BallotValues>): LoggedBallot {
  const [weight, replaces, deadline, r, vs, words] = values;
  return {
    voter: indexed[0] as Address,
    tracker: indexed[1] as Bytes,
    weight,
    replaces: fromWord(replaces),
    deadline,
    signature: joined([r, vs]),
    words: joined(words.map((each) => bytesOfNumber(each))),
    isCompressed: false,
  };
}

/** The public data of a poll, as a node shows them at one block. */
export class NodeEvidence extends NodeFoundation implements Evidence {
  readonly isRecord = false;
  readonly #since: bigint | undefined;

  /** `since` is the block from which on `ballots` are wanted; all of them by default. */
  constructor(node: Node, poll: Address, mark: BlockMark, since?: bigint) {
    super(node, poll, mark);
    this.#since = since;
  }

  /** It is read once: what was checked is what is compared and used. */
  readonly state: () => Promise<PollState> = kept(() => readState(this.poll));

  async rollParts(): Promise<Part[]> {
    const found: Part[] = [];
    for await (const { indexed, values } of this.poll.events(ROLL)) {
      found.push({ first: indexed[0] as bigint, entries: values[0] });
    }
    return found;
  }

  async *ballots(): AsyncGenerator<Cast> {
    const blocks = new Map([[hex(this.mark().hash), this.mark()]]);
    for await (const page of this.poll.pages(BALLOT_CAST, { since: this.#since, isDense: true })) {
      const wanted = new Map(page.map(({ log }) => [hex(log.blockHash), log.blockHash]));
      for (const name of blocks.keys()) if (!wanted.delete(name)) blocks.delete(name);
      const found = await Promise.all(
        [...wanted.values()].map((each) => this.node.blockByHash(each)),
      );
      for (const each of found) blocks.set(hex(each.hash), each);
      for (const each of page) {
        const block = blocks.get(hex(each.log.blockHash)) as BlockMark;
        yield { logged: loggedBallot(each), block };
      }
    }
  }

  async *find(wanted: readonly Named[]): AsyncGenerator<LoggedBallot> {
    for (const { voter, tracker } of wanted) {
      const where = [voter === null ? null : BigInt(voter), tracker];
      for await (const event of this.poll.events(BALLOT_CAST, { where })) yield loggedBallot(event);
    }
  }

  async shares(): Promise<PostedShare[]> {
    const found: PostedShare[] = [];
    for await (const { indexed, values } of this.poll.events(SHARE)) {
      const [points, proof] = values;
      found.push({
        trustee: indexed[0] as bigint,
        points: points.map(pointOf),
        proof: proofFromOutside(...proof),
      });
    }
    return found;
  }

  proofs(): Proofs {
    const { poll } = this;
    async function* ballots(): AsyncGenerator<Bytes> {
      for await (const { indexed } of poll.events(BALLOT_CAST, { isDense: true }))
        yield indexed[1] as Bytes;
    }
    const those = async (is: (board: Contract, index: bigint) => Promise<boolean>) => {
      const board = await this.board();
      const count = await board.read(uint, "trusteeCount");
      const found = new Set<bigint>();
      for (let index = 1n; index <= count && index <= 16n; index++) {
        if (await is(board, index)) found.add(index);
      }
      return found;
    };
    return {
      name: this.node.name,
      ballots,
      dealers: () =>
        those(async (board, index) => {
          return (await board.read(listOf(pair), "commitments(uint256)", index)).length > 0;
        }),
      confirmers: () => those((board, index) => board.read(flag, "hasConfirmed(uint256)", index)),
      sharers: async () => new Set(await poll.read(listOf(uint), "sharesPosted")),
      trackers: async (voters) => {
        const found: (Bytes | null)[] = [];
        for (let at = 0; at < voters.length; at += MOST_TOGETHER) {
          const some = voters.slice(at, at + MOST_TOGETHER).map(BigInt);
          const shown = await poll.readEach(word, "tracker(address)", some);
          for (const each of shown) found.push(fromWord(each));
        }
        return found;
      },
    };
  }
}

async function readState(poll: Contract): Promise<PollState> {
  const [sums, voters, weight, shown, result] = await Promise.all([
    poll.read(listOf(tuple(pair, pair)), "sums"),
    poll.read(uint, "voterCount"),
    poll.read(uint, "castWeight"),
    poll.read(phase, "phase"),
    poll.read(listOf(uint), "result"),
  ]);
  return {
    voters,
    weight,
    sums: sums.map(([a, b]) => new Ciphertext(pointOf(a), pointOf(b))),
    isCancelled: shown === "cancelled",
    result,
  };
}
