/** A node, asked by JSON-RPC. What leaves it has its form, its size, and is about what was asked. */

import { type Bytes, bytesOf, bytesOfNumber, hex, same } from "../bytes";
import { NodeBehind, NodeError, NodeRefused, NodeUnreachable, UnknownContract, VecheError } from "../errors";
import type { Address } from "../protocol/addresses";
import type { BlockMark } from "../protocol/block_mark";
import type { Json, Writable } from "../protocol/json";
import { parse, write } from "../protocol/json";
import { Form } from "../protocol/plain";

/** Maximum bytes of an answer. */
const MOST_BYTES = 1 << 26;
/** Milliseconds that an answer may take. */
const PATIENCE = 60_000;
/** Maximum blocks whose logs are asked for at once. */
const MOST_BLOCKS = 10_000n;

/** An entry of a log. */
export interface Log {
  readonly topics: readonly Bytes[];
  readonly data: Bytes;
  readonly block: bigint;
  readonly blockHash: Bytes;
}

/** Which logs are wanted: topics that they must have, null for any. */
export interface Filter {
  readonly address: Address;
  readonly topics: readonly (Bytes | null)[];
  readonly first: bigint;
  readonly last: bigint;
}

/** The node answered with an error. */
class Refusal extends NodeRefused {
  readonly code: bigint;
  constructor(code: bigint, message: string) {
    super(message);
    this.code = code;
  }
}

export class Node {
  readonly name: string;
  readonly #url: string;
  #mostBlocks = MOST_BLOCKS;

  /** `url` is that of a node's JSON-RPC over HTTP. */
  constructor(url: string) {
    if (!URL.canParse(url) || !/^https?:/i.test(url)) {
      throw new NodeUnreachable(
        `${JSON.stringify(url)} is no URL of a node, like http://localhost:8545`,
      );
    }
    this.name = new URL(url).host;
    this.#url = url;
  }

  async chainId(): Promise<bigint> {
    return this.#quantity(await this.#ask("eth_chainId"));
  }

  /** The block with a number, or the newest. */
  async block(number?: bigint): Promise<BlockMark> {
    const named = number === undefined ? "latest" : quantity(number);
    const found = this.#block(await this.#ask("eth_getBlockByNumber", named, false));
    if (number === undefined || found.number === number) return found;
    throw this.#nonsense();
  }

  /**
   * The time that the next block would have if it came now, in seconds since 1970; that of the newest
   * block if the node does not know. Some chains make blocks only for transactions.
   */
  async nextTime(newest: BlockMark): Promise<bigint> {
    try {
      const found = await this.#ask("eth_getBlockByNumber", "pending", false);
      const time = this.#quantity(this.#form(found).get("timestamp"));
      return time > newest.time ? time : newest.time;
    } catch (error) {
      if (error instanceof NodeError) return newest.time;
      throw error;
    }
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
    return this.#data(await this.#ask("eth_getCode", address, at(block)));
  }

  /** What a call returns. */
  async call(to: Address, data: Bytes, block: BlockMark): Promise<Bytes> {
    try {
      return this.#data(await this.#ask("eth_call", { to, data: hex(data) }, at(block)));
    } catch (error) {
      const isRevert =
        error instanceof Refusal && (error.code === 3n || /revert/i.test(error.message));
      if (isRevert) throw new UnknownContract(`the contract at ${to} refuses to answer`);
      throw error;
    }
  }

  /** The logs that are wanted, in order, page by page. */
  async *logs(filter: Filter): AsyncGenerator<Log> {
    let { first } = filter;
    while (first <= filter.last) {
      const end = first + this.#mostBlocks - 1n;
      const last = end < filter.last ? end : filter.last;
      try {
        yield* await this.#logs({ ...filter, first, last });
        first = last + 1n;
      } catch (error) {
        if (!(error instanceof NodeRefused) || first === last) throw error;
        this.#mostBlocks = (last - first + 2n) / 2n; // some nodes give fewer blocks at once
      }
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
    if (!Array.isArray(listed)) throw this.#nonsense();
    const topics = listed.map((each) => this.#data(each, 32));
    const isWanted = filter.topics.every((each, place) => {
      const topic = topics[place];
      return topic !== undefined && (!each || same(each, topic));
    });
    const isFrom = String(fields.get("address")).toLowerCase() === filter.address.toLowerCase();
    const block = this.#quantity(fields.get("blockNumber"));
    const isInRange = filter.first <= block && block <= filter.last;
    if (!isWanted || !isFrom || !isInRange || fields.get("removed") === true)
      throw this.#nonsense();
    return {
      topics,
      data: this.#data(fields.get("data")),
      block,
      blockHash: this.#data(fields.get("blockHash"), 32),
    };
  }

  // -- Answers --

  #nonsense(): VecheError {
    return new NodeUnreachable(`${this.name} gives an answer that no node gives: use another node`);
  }

  #form(value: Json | undefined): ReadonlyMap<string, Json> {
    if (value instanceof Map) return value;
    throw this.#nonsense();
  }

  #block(value: Json): BlockMark {
    if (value === null) throw new NodeBehind(`${this.name} does not have this block`);
    const fields = this.#form(value);
    return {
      number: this.#quantity(fields.get("number")),
      hash: this.#data(fields.get("hash"), 32),
      time: this.#quantity(fields.get("timestamp")),
    };
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

  async #ask(method: string, ...params: readonly Writable[]): Promise<Json> {
    const body = write({ jsonrpc: "2.0", id: 1, method, params });
    const form = new Form(await this.#post(body), "answer");
    if (!form.has("error")) {
      if (form.has("result")) return form.json("result");
      throw this.#nonsense();
    }
    const error = this.#form(form.json("error"));
    const code = error.get("code");
    const said = String(error.get("message")).replace(/\s+/g, " ").slice(0, 200);
    throw new Refusal(
      typeof code === "bigint" ? code : 0n,
      `${this.name} refuses ${method}: ${said}`,
    );
  }

  async #post(body: string): Promise<Json> {
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(PATIENCE),
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
      return parse(await bounded(answer));
    } catch (error) {
      if (error instanceof VecheError) throw this.#nonsense();
      throw new NodeUnreachable(
        `${this.name} cannot be reached: check its URL, or use another node`,
      );
    }
  }
}

/** The text of an answer, which must not fill memory. */
async function bounded(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let [found, length] = ["", 0];
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return found + decoder.decode();
    length += piece.value.length;
    if (length > MOST_BYTES) {
      await reader?.cancel();
      throw new NodeUnreachable("the answer has no end");
    }
    found += decoder.decode(piece.value, { stream: true });
  }
}

const quantity = (value: bigint): string => `0x${value.toString(16)}`;

/** State is read at a block's hash, so that all of it is of one chain. */
const at = (block: BlockMark): Writable => ({ blockHash: hex(block.hash) });

export const topicOf = (value: bigint | Bytes): Bytes =>
  value instanceof Uint8Array ? value : bytesOfNumber(value);
