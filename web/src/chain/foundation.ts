/** What a poll stands on, as a node shows it at one block. Nothing in it is checked here. */

import { type Bytes, joined } from "../bytes";
import { dealFromOutside } from "../crypto/deal_proof";
import { Point } from "../crypto/group";
import { Questions } from "../crypto/questions";
import { MAX_TRUSTEES } from "../crypto/sharing";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import { type BoardDefinition, defineBoard } from "../protocol/board";
import type { SignedConfirmation, SignedDeal } from "../protocol/ceremony";
import { define, type PollDefinition } from "../protocol/definition";
import { addressIn } from "../trust/artifact";
import type { Ceremony } from "../trust/ceremony";
import type { FoundationEvidence } from "../trust/foundation";
import type { Origin, Provenance, SharedCode } from "../trust/provenance";
import { address, flag, listOf, text, tuple, uint, word } from "./abi";
import { Contract, type Event, limits, pair, pointOf } from "./contract";
import { kept } from "./kept";
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

  readonly definition: () => Promise<PollDefinition> = kept(async () => {
    const { poll, node } = this;
    await poll.code();
    const board = await this.board();
    const [chainId, boardHash, key, rollRoot, totalWeight, opens, closes, minVoters] =
      await Promise.all([
        node.chainId(),
        board.read(word, "boardHash"),
        poll.read(pair, "key"),
        poll.read(word, "rollRoot"),
        poll.read(uint, "totalWeight"),
        poll.read(uint, "opens"),
        poll.read(uint, "closes"),
        poll.read(uint, "minVoters"),
      ]);
    const [content, questions] = await Promise.all([
      poll.read(text, "content"),
      poll.read(limits, "questions"),
    ]);
    return define({
      chainId,
      address: poll.address,
      board: board.address,
      boardHash,
      key: Point.fromOutside(...key, "key of the poll"),
      rollRoot,
      totalWeight,
      opens,
      closes,
      minVoters,
      content,
      questions: Questions.of(questions),
    });
  });

  readonly pollHash: () => Promise<Bytes> = kept(() => this.poll.read(word, "pollHash"));

  readonly board: () => Promise<Contract> = kept(
    async () => new Contract(this.node, await this.poll.read(address, "board"), this.#mark),
  );

  readonly provenance: () => Promise<Provenance> = kept(async () => {
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
    const [polls, boards, code, deployer, salt, firstOwner, officialBoard, officialPoll] =
      await Promise.all([
        catalogue.read(address, "pollCode").then(shared),
        catalogue.read(address, "boardCode").then(shared),
        catalogue.code(),
        catalogue.read(address, "deployer"),
        catalogue.read(word, "salt"),
        catalogue.read(address, "firstOwner"),
        origin(board, "isOfficialBoard(address)"),
        origin(poll, "isOfficial(address)"),
      ]);
    const tally = await shared(addressIn("Poll", "tally", polls.code));
    const made = { address: catalogue.address, code, deployer, salt, firstOwner };
    const root = { ...made, polls, tally, boards, firstAccounts: null };
    return { root, board: officialBoard, poll: officialPoll };
  });

  readonly ceremony: () => Promise<Ceremony> = kept(async () => {
    const board = await this.board();
    const definition = await defined(board);
    const indices = definition.terms.trustees.map((_, at) => BigInt(at + 1));
    const [boardHash, dealsHash, key, verificationKeys, deals, confirmations] = await Promise.all([
      board.read(word, "boardHash"),
      board.read(word, "dealsHash"),
      board.read(pair, "key"),
      board.readEach(pair, "verificationKey(uint256)", indices),
      dealsOf(board),
      confirmationsOf(board),
    ]);
    return {
      definition,
      boardHash,
      dealsHash,
      deals,
      confirmations,
      key: pointOf(key),
      verificationKeys: verificationKeys.map(pointOf),
    };
  });
}

async function defined(board: Contract): Promise<BoardDefinition> {
  const [chainId, count, threshold, minVoters, dealBy, confirmBy, content] = await Promise.all([
    board.node.chainId(),
    board.read(uint, "trusteeCount"),
    board.read(uint, "threshold"),
    board.read(uint, "minVoters"),
    board.read(uint, "dealBy"),
    board.read(uint, "confirmBy"),
    board.read(text, "content"),
  ]);
  const most = count < MAX_TRUSTEES ? Number(count) : MAX_TRUSTEES;
  const indices = Array.from({ length: most }, (_, at) => BigInt(at + 1));
  const shown = await board.readEach(tuple(address, uint, uint), "trustee(uint256)", indices);
  const trustees = shown.map(([account, x, y]) => ({
    account,
    sealingKey: Point.fromOutside(x, y, "sealing key"),
  }));
  const terms = { threshold, minVoters, dealBy, confirmBy, trustees, content };
  return defineBoard(chainId, board.address, terms);
}

/** The deals in their order: proofs and signatures from the log, the rest from state. */
async function dealsOf(board: Contract): Promise<SignedDeal[]> {
  const found: SignedDeal[] = [];
  for await (const { indexed, values } of board.events(DEALT)) {
    const dealer = indexed[0] as bigint;
    const [, challenge, secretResponse, ephemeralResponse, r, vs] = values;
    const [commitments, ephemeral, sealed] = await Promise.all([
      board.read(listOf(pair), "commitments(uint256)", dealer),
      board.read(pair, "ephemeralKey(uint256)", dealer),
      board.read(listOf(word), "sealedShares(uint256)", dealer),
    ]);
    if (!commitments.length) continue;
    const proof = { challenge, secretResponse, ephemeralResponse };
    const deal = dealFromOutside({ commitments, ephemeral, sealed, ...proof });
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
