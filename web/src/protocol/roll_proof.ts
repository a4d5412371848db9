/**
 * A roll proof: that one voter stands on a poll's roll, without the rest of it (PROTOCOL §3, Roll).
 * What it says is shown by the root that the poll hash covers, so it may come from anywhere.
 */

import { type Bytes, same } from "../bytes";
import { InvalidDocument, WrongRollProof } from "../errors";
import type { Address } from "./addresses";
import { LIMIT, type PollDefinition } from "./definition";
import { climb } from "./merkle_tree";
import { Form } from "./plain";
import { leaf } from "./roll";

/** Maximum hashes of a path: the voters of a poll are fewer than LIMIT, as their weights are. */
const MAX_PATH = LIMIT.toString(2).length - 1;
/** Maximum characters of a document: twice the longest. */
const MAX_CHARACTERS = 8_192;
const FIELDS = ["chainId", "poll", "rollRoot", "voter", "weight", "place", "path"];

/** A voter's entry on the roll of a poll. */
export interface RollProof {
  /** From 1. */
  readonly weight: bigint;
  /** The siblings on the way from the leaf to the root, 32 bytes each. */
  readonly path: readonly Bytes[];
}

/** The proof in a JSON document that a voter stands on the roll of a poll. */
export function rollProofIn(
  text: string,
  poll: Pick<PollDefinition, "chainId" | "address" | "rollRoot">,
  voter: Address,
): RollProof {
  if (text.length > MAX_CHARACTERS) refuse("it is too long");
  const form = Form.parse(text, "roll proof");
  if (form.names.some((each) => !FIELDS.includes(each))) refuse("it has other fields");
  const [chainId, address] = [form.number("chainId"), form.address("poll")];
  const [root, shown] = [form.data("rollRoot", 32), form.address("voter")];
  const weight = form.number("weight", LIMIT - 1n);
  const place = form.number("place", 2n * LIMIT);
  const path = form.dataList("path", 32, MAX_PATH);
  if (weight === 0n) refuse("weight is not a whole number from 1");
  if (path.length !== (place + 1n).toString(2).length - 1) {
    refuse("its path is not as long as its place is deep");
  }
  const isOfPoll = chainId === poll.chainId && address === poll.address;
  const isOfRoll = same(root, poll.rollRoot) && same(climb(leaf([shown, weight]), path), root);
  if (isOfPoll && isOfRoll && shown === voter) return { weight, path };
  throw new WrongRollProof("this roll proof does not show this voter on the roll of this poll");
}

function refuse(reason: string): never {
  throw new InvalidDocument(`roll proof: ${reason}`);
}
