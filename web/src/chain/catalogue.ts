/** The polls of a catalogue, as a node shows them at one block. Nothing in it is checked. */

import type { Bytes } from "../bytes";
import { numberOf } from "../bytes";
import { Questions } from "../crypto/questions";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import type { Phase } from "../protocol/phase";
import { address, listOf, phase, text, uint, word } from "./abi";
import { Contract, limits } from "./contract";
import type { Node } from "./node";

/** Maximum polls that are read at once. */
const MOST_POLLS = 20n;

interface ListedPoll {
  readonly address: Address;
  readonly content: string;
  readonly questions: Questions;
  readonly phase: Phase;
  readonly closes: bigint;
  readonly voters: bigint;
}

/** The newest polls of a catalogue, newest first: of each its latest version. */
export async function listPolls(node: Node, at: Address, mark: BlockMark): Promise<ListedPoll[]> {
  const catalogue = new Contract(node, at, mark);
  const count = await catalogue.read(uint, "pollCount");
  const first = count > MOST_POLLS ? count - MOST_POLLS : 0n;
  const ids = await catalogue.read(listOf(word), "ids(uint256,uint256)", first, MOST_POLLS);
  const numbers = ids.slice(0, Number(MOST_POLLS)).map((each: Bytes) => numberOf(each));
  const addresses = await catalogue.readEach(address, "latest(bytes32)", numbers);
  const polls = addresses.map((each) => read(new Contract(node, each, mark)));
  return (await Promise.all(polls)).reverse();
}

async function read(poll: Contract): Promise<ListedPoll> {
  const [content, questions, shown, closes, voters] = await Promise.all([
    poll.read(text, "content"),
    poll.read(limits, "questions"),
    poll.read(phase, "phase"),
    poll.read(uint, "closes"),
    poll.read(uint, "voterCount"),
  ]);
  return {
    address: poll.address,
    content,
    questions: Questions.of(questions),
    phase: shown,
    closes,
    voters,
  };
}
