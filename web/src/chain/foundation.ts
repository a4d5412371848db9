/** What a poll stands on, as a node shows it at one block. Nothing in it is checked here. */

import type { Bytes } from "../bytes";
import { joined } from "../bytes";
import { dealFromOutside } from "../crypto/deal_proof";
import { Point } from "../crypto/group";
import { Questions } from "../crypto/questions";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import { type BoardDefinition, defineBoard } from "../protocol/board";
import type { SignedConfirmation, SignedDeal } from "../protocol/ceremony";
import { define, type PollDefinition } from "../protocol/definition";
import { addressIn } from "../trust/artifact";
import type { Ceremony } from "../trust/ceremony";
import { checkFoundation, type FoundationEvidence } from "../trust/foundation";
import type { Origin, Provenance, SharedCode } from "../trust/provenance";
import { Report } from "../trust/report";
import { address, flag, listOf, text, tuple, uint, word } from "./abi";
import { Contract, type Event, pair, pointOf } from "./contract";
import type { Node } from "./node";

const DEALT: Event<bigint, [Bytes, bigint, bigint, bigint, Bytes, Bytes]> = {
  signature: "Dealt(uint256,bytes32,uint256,uint256,uint256,bytes32,bytes32)",
  indexed: [uint],
  data: tuple(word, uint, uint, uint, word, word),
};
const CONFIRMED: Event<bigint, [Bytes, Bytes, Bytes]> = {
  signature: "Confirmed(uint256,bytes32,bytes32,bytes32)",
  indexed: [uint],
  data: tuple(word, word, word),
};

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => (found ??= read());
}

/** Each part is read once: a node could show another the second time. */
export class NodeFoundation implements FoundationEvidence {
  readonly node: Node;
  readonly poll: Contract;
  readonly #mark: BlockMark;

  constructor(node: Node, poll: Address, mark: BlockMark) {
    this.node = node;
    this.poll = new Contract(node, poll, mark);
    this.#mark = mark;
  }

  mark(): BlockMark {
    return this.#mark;
  }

  readonly definition: () => Promise<PollDefinition> = once(async () => {
    const { poll, node } = this;
    await poll.code();
    const board = await this.board();
    return define({
      chainId: await node.chainId(),
      address: poll.address,
      board: board.address,
      boardHash: await board.read(word, "boardHash"),
      key: Point.fromOutside(...(await poll.read(pair, "key")), "key of the poll"),
      rollRoot: await poll.read(word, "rollRoot"),
      totalWeight: await poll.read(uint, "totalWeight"),
      opens: await poll.read(uint, "opens"),
      closes: await poll.read(uint, "closes"),
      minVoters: await poll.read(uint, "minVoters"),
      content: await poll.read(text, "content"),
      questions: Questions.of(await poll.read(listOf(tuple(uint, uint, uint, uint)), "questions")),
    });
  });

  readonly pollHash: () => Promise<Bytes> = once(() => this.poll.read(word, "pollHash"));

  readonly board: () => Promise<Contract> = once(
    async () => new Contract(this.node, await this.poll.read(address, "board"), this.#mark),
  );

  readonly provenance: () => Promise<Provenance> = once(async () => {
    const { node, poll } = this;
    const mark = this.#mark;
    const board = await this.board();
    const catalogue = new Contract(node, await poll.read(address, "catalogue"), mark);
    const shared = async (at: Address): Promise<SharedCode> => ({
      address: at,
      code: await node.code(at, mark),
    });
    const origin = async (of: Contract, method: string): Promise<Origin> => ({
      address: of.address,
      code: await of.code(),
      isOfficial: await catalogue.read(flag, method, BigInt(of.address)),
    });
    const polls = await shared(await catalogue.read(address, "pollCode"));
    const root = {
      address: catalogue.address,
      code: await catalogue.code(),
      deployer: await catalogue.read(address, "deployer"),
      salt: await catalogue.read(word, "salt"),
      firstOwner: await catalogue.read(address, "firstOwner"),
      polls,
      tally: await shared(addressIn("Poll", "tally", polls.code)),
      boards: await shared(await catalogue.read(address, "boardCode")),
      firstAccounts: null,
    };
    const officialBoard = await origin(board, "isOfficialBoard(address)");
    return { root, board: officialBoard, poll: await origin(poll, "isOfficial(address)") };
  });

  readonly ceremony: () => Promise<Ceremony> = once(async () => {
    const board = await this.board();
    const definition = await defined(board);
    const verificationKeys: Point[] = [];
    for (const index of definition.terms.trustees.keys()) {
      const own = await board.read(pair, "verificationKey(uint256)", BigInt(index + 1));
      verificationKeys.push(pointOf(own));
    }
    return {
      definition,
      boardHash: await board.read(word, "boardHash"),
      dealsHash: await board.read(word, "dealsHash"),
      deals: await dealsOf(board),
      confirmations: await confirmationsOf(board),
      key: pointOf(await board.read(pair, "key")),
      verificationKeys,
    };
  });
}

async function defined(board: Contract): Promise<BoardDefinition> {
  const trustees: { account: Address; sealingKey: Point }[] = [];
  const count = await board.read(uint, "trusteeCount");
  for (let index = 1n; index <= count && index <= 16n; index++) {
    const own = await board.read(tuple(address, uint, uint), "trustee(uint256)", index);
    trustees.push({
      account: own[0],
      sealingKey: Point.fromOutside(own[1], own[2], "sealing key"),
    });
  }
  return defineBoard(await board.node.chainId(), board.address, {
    threshold: await board.read(uint, "threshold"),
    minVoters: await board.read(uint, "minVoters"),
    dealBy: await board.read(uint, "dealBy"),
    confirmBy: await board.read(uint, "confirmBy"),
    trustees,
    content: await board.read(text, "content"),
  });
}

/** The deals in their order: proofs and signatures from the log, the rest from state. */
async function dealsOf(board: Contract): Promise<SignedDeal[]> {
  const found: SignedDeal[] = [];
  for await (const { indexed, values } of board.events(DEALT)) {
    const dealer = indexed[0] as bigint;
    const [, challenge, secretResponse, ephemeralResponse, r, vs] = values;
    const commitments = await board.read(listOf(pair), "commitments(uint256)", dealer);
    if (!commitments.length) continue;
    const deal = dealFromOutside({
      commitments,
      ephemeral: await board.read(pair, "ephemeralKey(uint256)", dealer),
      sealed: await board.read(listOf(word), "sealedShares(uint256)", dealer),
      challenge,
      secretResponse,
      ephemeralResponse,
    });
    found.push({ dealer, deal, signature: joined([r, vs]) });
  }
  return found;
}

async function confirmationsOf(board: Contract): Promise<SignedConfirmation[]> {
  const found: SignedConfirmation[] = [];
  for await (const { indexed, values } of board.events(CONFIRMED)) {
    const [dealsHash, r, vs] = values;
    found.push({ trustee: indexed[0] as bigint, dealsHash, signature: joined([r, vs]) });
  }
  return found;
}

/** Refuses a poll that a vote must not be encrypted for; returns the definition that was checked. */
export async function requireFoundation(
  node: Node,
  poll: Address,
  expect: Bytes,
): Promise<PollDefinition> {
  const report = new Report();
  const evidence = new NodeFoundation(node, poll, await node.block());
  const { definition } = await checkFoundation(evidence, report, expect);
  report.require();
  return definition as PollDefinition;
}
