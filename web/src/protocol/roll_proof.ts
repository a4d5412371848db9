/**
 * A roll proof: that one voter stands on a poll's roll, without the rest of it (PROTOCOL §3, Roll).
 * What it says is shown by the root that the poll hash covers, so it may come from anywhere.
 */

import { type Bytes, hex, same } from "../bytes";
import { InvalidDocument, WrongRollProof } from "../errors";
import type { Address } from "./addresses";
import { LIMIT, type PollDefinition } from "./definition";
import { climb, depthOf } from "./merkle_tree";
import { Form } from "./plain";
import { leaf } from "./roll";

/** Maximum hashes of a path: the voters of a poll are fewer than LIMIT, as their weights are. */
const MAX_PATH = depthOf(LIMIT - 1n);
/** Maximum characters of a document: twice the longest. */
const MAX_CHARACTERS = 8_192;
const FIELDS = ["chainId", "poll", "rollRoot", "voter", "weight", "place", "path"];

/** A proof that a voter stands on the roll of a poll. */
export interface RollProof {
  readonly chainId: bigint;
  readonly poll: Address;
  /** The root of the roll, 32 bytes. */
  readonly root: Bytes;
  readonly voter: Address;
  /** From 1. */
  readonly weight: bigint;
  /** The number of the voter's leaf among the nodes of the tree, the root being 0. */
  readonly place: bigint;
  /** The siblings on the way from the leaf to the root, 32 bytes each. */
  readonly path: readonly Bytes[];
}

/** The proof in a JSON document. What it shows is for `requireProofOf` to say. */
export function rollProofFromJson(text: string): RollProof {
  if (text.length > MAX_CHARACTERS) refuse(`it has more than ${MAX_CHARACTERS} characters`);
  const form = Form.parse(text, "roll proof");
  const unknown = form.names.filter((each) => !FIELDS.includes(each));
  if (unknown.length) refuse(`it has ${unknown.length} fields too many`);
  const found = {
    chainId: form.number("chainId"),
    poll: form.address("poll"),
    root: form.data("rollRoot", 32),
    voter: form.address("voter"),
    weight: form.number("weight", LIMIT - 1n),
    place: form.number("place", 2n * LIMIT),
    path: form.dataList("path", 32, MAX_PATH),
  };
  if (found.weight === 0n) refuse("weight is not a whole number from 1");
  const [depth, length] = [depthOf(found.place), found.path.length];
  if (length !== depth) {
    refuse(
      `place ${found.place} is ${depth} nodes below the root, but the path has ${length} hashes`,
    );
  }
  return found;
}

function refuse(reason: string): never {
  throw new InvalidDocument(`roll proof: ${reason}`);
}

/** Refuses a proof that does not show its voter on the roll of a poll. */
export function requireProofOf(
  poll: Pick<PollDefinition, "chainId" | "address" | "rollRoot">,
  proof: RollProof,
): void {
  if (proof.chainId !== poll.chainId || proof.poll !== poll.address) {
    const said = `this roll proof is for poll ${proof.poll} on chain ${proof.chainId}`;
    throw new WrongRollProof(`${said}, not for ${poll.address} on chain ${poll.chainId}`);
  }
  if (!same(proof.root, poll.rollRoot)) {
    const said = `this roll proof is of a roll with the root ${hex(proof.root)}`;
    throw new WrongRollProof(`${said}, but the poll's is ${hex(poll.rollRoot)}`);
  }
  const shown = climb(leaf([proof.voter, proof.weight]), proof.path);
  if (!same(shown, proof.root)) {
    const said = `this roll proof does not show ${proof.voter} with weight ${proof.weight}`;
    throw new WrongRollProof(`${said}: its path leads to ${hex(shown)}, not to the root`);
  }
}

/** Refuses the proof of another voter. */
export function requireProofOfVoter(voter: Address, proof: RollProof): void {
  if (proof.voter !== voter) {
    throw new WrongRollProof(`this roll proof is of ${proof.voter}, not of ${voter}`);
  }
}
