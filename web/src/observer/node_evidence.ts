/**
 * Evidence from a node: the public data of a poll, all at one block. Nodes give logs by block numbers
 * alone; so the block is looked at again once logs are read.
 */

import { type Bytes, bytesOfNumber, joined, same } from "../bytes";
import { address, flag, listOf, tuple, uint, uint8, uint64, word } from "../chain/abi";
import { type Contract, type Event, type Happened, pair, pointOf } from "../chain/contract";
import { NodeFoundation } from "../chain/foundation";
import { Ciphertext } from "../crypto/elgamal";
import { proofFromOutside } from "../crypto/equality_proof";
import type { Address } from "../protocol/addresses";
import type { LoggedBallot } from "../protocol/logged_ballot";
import { PHASES } from "../protocol/phase";
import type { Part } from "../protocol/published_roll";
import { fromWord } from "../protocol/trackers";
import type { Cast, Evidence, PollState, PostedShare, Proofs } from "./evidence";

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
  #state: Promise<PollState> | null = null;

  /** It is read once: what was checked is what is compared and used. */
  state(): Promise<PollState> {
    this.#state ??= readState(this.poll);
    return this.#state;
  }

  async rollParts(): Promise<Part[]> {
    const found: Part[] = [];
    for await (const { indexed, values } of this.poll.events(ROLL)) {
      found.push({ first: indexed[0] as bigint, entries: values[0] });
    }
    return found;
  }

  async *ballots(): AsyncGenerator<Cast> {
    let block = this.mark();
    for await (const event of this.poll.events(BALLOT_CAST)) {
      const { blockHash } = event.log;
      if (!same(blockHash, block.hash)) block = await this.node.blockByHash(blockHash);
      yield { logged: loggedBallot(event), block };
    }
  }

  async *find(wanted: readonly { voter: Address; tracker: Bytes }[]): AsyncGenerator<LoggedBallot> {
    for (const { voter, tracker } of wanted) {
      const where = [BigInt(voter), tracker];
      for await (const event of this.poll.events(BALLOT_CAST, where)) yield loggedBallot(event);
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
      for await (const { indexed } of poll.events(BALLOT_CAST)) yield indexed[1] as Bytes;
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
        for (const each of voters) {
          found.push(fromWord(await poll.read(word, "tracker(address)", BigInt(each))));
        }
        return found;
      },
    };
  }
}

async function readState(poll: Contract): Promise<PollState> {
  const sums = await poll.read(listOf(tuple(pair, pair)), "sums");
  return {
    voters: await poll.read(uint, "voterCount"),
    weight: await poll.read(uint, "castWeight"),
    sums: sums.map(([a, b]) => new Ciphertext(pointOf(a), pointOf(b))),
    isCancelled: PHASES[Number(await poll.read(uint8, "phase"))] === "cancelled",
    result: await poll.read(listOf(uint), "result"),
  };
}
