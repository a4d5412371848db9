/** A node, asked by JSON-RPC. What leaves it has its form, its size, and is about what was asked. */

import { type Bytes, bytesOf, bytesOfNumber, hex, same } from "../bytes";
import {
  EndlessAnswer,
  HistoryPruned,
  NodeBehind,
  NodeError,
  type NodeRefused,
  UnknownContract,
  WrongAnswer,
} from "../errors";
import type { Address } from "../protocol/addresses";
import { addressOf } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import type { Json, Writable } from "../protocol/json";
import * as dialects from "./dialects";
import { kept } from "./kept";
import { LIMITS, type Limits, refusesForm, Transport } from "./transport";

/** Maximum blocks whose logs are asked for at once, if every block may have many. */
const DENSE_PAGE = 512;
/** Logs in an answer after which fewer blocks are asked for at once. */
const MANY_LOGS = 1000;
const MOST_TOPICS = 4;
/** Maximum bytes of a hash, and of an address. */
const [HASH, ADDRESS] = [32, 20];

/** An entry of a log. */
export interface Log {
  readonly topics: readonly Bytes[];
  readonly data: Bytes;
  readonly block: bigint;
  readonly blockHash: Bytes;
}

/** Which logs are wanted: topics that they must have, null for any. */
interface Filter {
  readonly address: Address;
  readonly topics: readonly (Bytes | null)[];
  readonly first: bigint;
  readonly last: bigint;
  /** Whether there may be more of them than memory should hold. */
  readonly isDense?: boolean;
}

/** A block, with the address that it pays: on private networks, of the validator that made it. */
export interface MadeBlock extends BlockMark {
  readonly maker: Address;
}

/** Number of the newest blocks that show who makes them. */
export const MOST_MADE = 40;

/** Takes how many blocks have been looked through for logs, and of how many. */
type BlockProgress = (done: bigint, whole: bigint) => void;

export class Node {
  readonly name: string;
  readonly #transport: Transport;
  progress: BlockProgress = () => undefined;

  /** `url` is that of a node's JSON-RPC over HTTP. */
  constructor(url: string, limits: Limits = LIMITS) {
    this.#transport = new Transport(url, limits);
    this.name = this.#transport.name;
  }

  /** Whether another node is this one, by its URL: it would agree with itself. */
  isSame(other: Node): boolean {
    return this.#transport.place === other.#transport.place;
  }

  /** What the node says first; a node that changes its chain is caught by the blocks' hashes. */
  readonly chainId = kept(async () => this.#quantity(await this.#ask("eth_chainId")));

  /** The hash of the first block; chains with one id differ in it. */
  readonly genesis = kept(async () => (await this.block(0n)).hash);

  /** The block with a number, or the newest. */
  async block(number?: bigint): Promise<BlockMark> {
    return this.#block(await this.#shown(number), number);
  }

  /** The block with a number, or the newest, and who made it. */
  async madeBlock(number?: bigint): Promise<MadeBlock> {
    const found = await this.#shown(number);
    const maker = addressOf(this.#data(this.#form(found).get("miner"), ADDRESS));
    return { ...this.#block(found, number), maker };
  }

  /**
   * The time that the next block would have if it came now, in seconds since 1970; that of the newest
   * block if the node does not know. Some chains make blocks only for transactions.
   */
  async nextTime(newest: BlockMark): Promise<bigint> {
    try {
      const found = await this.#ask("eth_getBlockByNumber", "pending", false);
      const time = this.#quantity(this.#form(found).get("timestamp"));
      if (time > newest.time) return time;
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
    }
    return newest.time;
  }

  async blockByHash(hash: Bytes): Promise<BlockMark> {
    const found = this.#block(await this.#ask("eth_getBlockByHash", hex(hash), false));
    if (same(found.hash, hash)) return found;
    throw this.#nonsense();
  }

  /** Refuses logs that were read while their block was replaced. */
  async requireKept(mark: BlockMark): Promise<void> {
    if (same((await this.block(mark.number)).hash, mark.hash)) return;
    throw new NodeBehind(`block ${mark.number} was replaced while it was read: look again`);
  }

  async code(address: Address, block: BlockMark): Promise<Bytes> {
    return this.#data(await this.#at(block, (at) => this.#ask("eth_getCode", address, at)));
  }

  /** What a call returns. */
  async call(to: Address, data: Bytes, block: BlockMark): Promise<Bytes> {
    const request = { to, data: hex(data) };
    try {
      return this.#data(await this.#at(block, (at) => this.#ask("eth_call", request, at)));
    } catch (error) {
      if (!(error instanceof UnknownContract)) throw error;
      throw new UnknownContract(`the contract at ${to} refuses to answer`);
    }
  }

  /**
   * Asks for something in the state of a block, by its hash, so that all that is read is of one chain:
   * in the way in which the node takes hashes.
   */
  async #at<T>(block: BlockMark, ask: (at: Writable) => Promise<T>): Promise<T> {
    const { habits } = this.#transport;
    const asked = habits.bareHash;
    const written = (isBare: boolean): Writable =>
      isBare ? hex(block.hash) : { blockHash: hex(block.hash) };
    try {
      return await ask(written(asked));
    } catch (error) {
      if (!refusesForm(error) || !dialects.refusesHash(error.code, error.said)) throw error;
      const found = await ask(written(!asked));
      habits.bareHash = !asked;
      return found;
    }
  }

  // -- Logs --

  /** The logs that are wanted, in order, page by page. */
  async *logs(filter: Filter): AsyncGenerator<readonly Log[]> {
    const { habits } = this.#transport;
    const whole = filter.last - filter.first + 1n;
    let page = filter.isDense ? DENSE_PAGE : habits.mostBlocks;
    for (let { first } = filter; first <= filter.last; ) {
      const left = filter.last - first + 1n;
      const size = Math.min(page, habits.mostBlocks, Number(left));
      const last = first + BigInt(size) - 1n;
      const found = await this.#orFewer(() => this.#logs({ ...filter, first, last }), size);
      if (typeof found === "number") {
        page = found;
        continue;
      }
      yield found;
      first = last + 1n;
      this.progress(first - filter.first, whole);
      if (filter.isDense && found.length > MANY_LOGS) page = Math.max(1, size >> 1);
      else if (found.length < MANY_LOGS / 4) page = Math.max(page, 2 * size);
    }
  }

  /** What is read of so many blocks; or, if the node refuses, of how many it should be read. */
  async #orFewer(read: () => Promise<Log[]>, size: number): Promise<Log[] | number> {
    try {
      return await read();
    } catch (error) {
      const isEndless = error instanceof EndlessAnswer;
      if (size === 1 || !(isEndless || refusesForm(error))) throw error;
      const said = isEndless ? "" : (error as NodeRefused).said;
      const fewer = dialects.fewerBlocks(said, size);
      if (!isEndless && !dialects.isForLogs(said)) this.#transport.habits.mostBlocks = fewer;
      return fewer;
    }
  }

  async #logs(filter: Filter): Promise<Log[]> {
    const found = await this.#ask("eth_getLogs", {
      address: filter.address,
      topics: filter.topics.map((each) => each && hex(each)),
      fromBlock: quantity(filter.first),
      toBlock: quantity(filter.last),
    });
    if (!Array.isArray(found)) throw this.#nonsense();
    return found.map((each) => this.#log(each, filter));
  }

  #log(value: Json, filter: Filter): Log {
    const fields = this.#form(value);
    const listed = fields.get("topics");
    if (!Array.isArray(listed) || listed.length > MOST_TOPICS) throw this.#nonsense();
    const topics = listed.map((each) => this.#data(each, HASH));
    const isWanted = filter.topics.every((each, place) => {
      const topic = topics[place];
      return topic !== undefined && (!each || same(each, topic));
    });
    const from = hex(this.#data(fields.get("address"), ADDRESS));
    const isFrom = from === filter.address.toLowerCase();
    const block = this.#quantity(fields.get("blockNumber"));
    const isInRange = filter.first <= block && block <= filter.last;
    const isRemoved = fields.get("removed") === true;
    if (!isWanted || !isFrom || !isInRange || isRemoved) throw this.#nonsense();
    return {
      topics,
      data: this.#data(fields.get("data")),
      block,
      blockHash: this.#data(fields.get("blockHash"), HASH),
    };
  }

  // -- Answers --

  #nonsense(): WrongAnswer {
    return new WrongAnswer(`${this.name} gives an answer that no node gives: use another node`);
  }

  #form(value: Json | undefined): ReadonlyMap<string, Json> {
    if (value instanceof Map) return value;
    throw this.#nonsense();
  }

  async #shown(number: bigint | undefined): Promise<Json> {
    const named = number === undefined ? "latest" : quantity(number);
    const found = await this.#ask("eth_getBlockByNumber", named, false);
    if (found !== null) return found;
    if (number === 0n) throw new HistoryPruned(`${this.name} has thrown away the first block`);
    throw new NodeBehind(`${this.name} does not have this block`);
  }

  #block(value: Json, number?: bigint): BlockMark {
    if (value === null) throw new NodeBehind(`${this.name} does not have this block`);
    const fields = this.#form(value);
    const found = {
      number: this.#quantity(fields.get("number")),
      hash: this.#data(fields.get("hash"), HASH),
      time: this.#quantity(fields.get("timestamp")),
    };
    if (number === undefined || found.number === number) return found;
    throw this.#nonsense();
  }

  #quantity(value: Json | undefined): bigint {
    if (typeof value === "string" && /^0x[0-9a-f]{1,16}$/i.test(value)) return BigInt(value);
    throw this.#nonsense();
  }

  #data(value: Json | undefined, length?: number): Bytes {
    const found = typeof value === "string" && value.startsWith("0x") ? value.slice(2) : null;
    const bytes = found === null ? null : bytesOf(found.toLowerCase());
    if (bytes && (length === undefined || bytes.length === length)) return bytes;
    throw this.#nonsense();
  }

  #ask(method: string, ...params: readonly Writable[]): Promise<Json> {
    return this.#transport.ask(method, ...params);
  }
}

/** The newest blocks, in order, at most so many. */
export async function newestBlocks(node: Node, most: number): Promise<MadeBlock[]> {
  const newest = await node.madeBlock();
  const count = newest.number < BigInt(most) ? Number(newest.number) : most - 1;
  const before = Array.from({ length: count }, (_, at) => newest.number - BigInt(count - at));
  return [...(await Promise.all(before.map((each) => node.madeBlock(each)))), newest];
}

const quantity = (value: bigint): string => `0x${value.toString(16)}`;

export const topicOf = (value: bigint | Bytes): Bytes =>
  value instanceof Uint8Array ? value : bytesOfNumber(value);
