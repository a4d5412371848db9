/** A contract at a block: its methods and events, as values. */

import { type Bytes, utf8 } from "../bytes";
import { INFINITY, Point } from "../crypto/group";
import { keccak } from "../crypto/keccak";
import { UnknownContract } from "../errors";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import { callData, decode, listOf, type Type, tuple, uint } from "./abi";
import { kept } from "./kept";
import { type Log, type Node, topicOf } from "./node";

/** An event, with its parameters: those that are indexed, and the others. */
export interface Event<I, T> {
  readonly signature: string;
  readonly indexed: readonly Type<I>[];
  readonly data: Type<T>;
}

export interface Happened<I, T> {
  readonly indexed: readonly I[];
  readonly values: T;
  readonly log: Log;
}

/** Which events are wanted: with these indexed values, null for any; since a block; or how many. */
interface Wanted {
  readonly where?: readonly (bigint | Bytes | null)[];
  readonly since?: bigint | undefined;
  readonly isDense?: boolean;
}

export class Contract {
  readonly node: Node;
  readonly address: Address;
  readonly block: BlockMark;

  constructor(node: Node, address: Address, block: BlockMark) {
    this.node = node;
    this.address = address;
    this.block = block;
  }

  /** The contract's code; there must be some. */
  readonly code: () => Promise<Bytes> = kept(async () => {
    const found = await this.node.code(this.address, this.block);
    if (found.length) return found;
    throw new UnknownContract(`there is no contract at ${this.address} on this chain`);
  });

  /** What a method returns. Its parameters are named by their types. */
  async read<T>(type: Type<T>, method: string, ...args: readonly bigint[]): Promise<T> {
    const signature = method.includes("(") ? method : `${method}()`;
    const data = await this.node.call(this.address, callData(signature, args), this.block);
    if (data.length) return decode(type, data);
    throw new UnknownContract(`the contract at ${this.address} has no ${signature}`);
  }

  /** What a method returns for each of many arguments. */
  readEach<T>(type: Type<T>, method: string, each: readonly bigint[]): Promise<T[]> {
    return Promise.all(each.map((argument) => this.read(type, method, argument)));
  }

  /** The contract's events of a kind up to its block, in order. */
  async *events<I, T>(event: Event<I, T>, wanted: Wanted = {}): AsyncGenerator<Happened<I, T>> {
    for await (const page of this.pages(event, wanted)) yield* page;
  }

  /** The same, as many at once as the node gives. */
  async *pages<I, T>(
    event: Event<I, T>,
    { where = [], since, isDense = false }: Wanted,
  ): AsyncGenerator<Happened<I, T>[]> {
    const born = await this.read(uint, "bornAt");
    const first = since !== undefined && since > born ? since : born;
    const topics = [
      keccak(utf8(event.signature)),
      ...where.map((each) => (each === null ? null : topicOf(each))),
    ];
    const { address, block } = this;
    const filter = { address, topics, first, last: block.number, isDense };
    for await (const page of this.node.logs(filter)) {
      yield page.map((log) => this.#happened(event, log));
    }
    await this.node.requireKept(block);
  }

  #happened<I, T>(event: Event<I, T>, log: Log): Happened<I, T> {
    if (log.topics.length !== 1 + event.indexed.length) {
      throw new UnknownContract(`a log of ${this.address} has another number of topics`);
    }
    const indexed = event.indexed.map((each, at) => decode(each, log.topics[at + 1] as Bytes));
    return { indexed, values: decode(event.data, log.data), log };
  }
}

export const pair = tuple(uint, uint);
/** The limits of all questions. */
export const limits = listOf(tuple(uint, uint, uint, uint));

/** A point that a contract shows; (0, 0) is infinity. */
export const pointOf = ([x, y]: readonly [bigint, bigint]): Point =>
  x === 0n && y === 0n ? INFINITY : Point.fromOutside(x, y);
