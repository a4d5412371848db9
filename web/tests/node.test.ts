import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, beforeEach, describe, test } from "node:test";
import { look } from "../src/booth/following";
import { type Bytes, bytesOfNumber, hex, joined } from "../src/bytes";
import { callData } from "../src/chain/abi";
import { listPolls } from "../src/chain/catalogue";
import { NodeFoundation } from "../src/chain/foundation";
import { Node, newestBlocks } from "../src/chain/node";
import { openNode } from "../src/chain/places";
import { LIMITS } from "../src/chain/transport";
import {
  EndlessAnswer,
  HistoryPruned,
  NodeBehind,
  NodeBusy,
  NodeForbids,
  NodeRefused,
  NodeUnreachable,
  UnknownContract,
  WrongAnswer,
} from "../src/errors";
import { checked } from "../src/protocol/addresses";
import { PHASES } from "../src/protocol/phase";

interface Question {
  readonly id: number;
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: what JSON holds
  readonly params: any[];
}

/** What a node makes of a question: its result; or its error. */
type Tell = (asked: Question) => unknown;
/** How a node answers a whole request; null to answer as usual. */
type Twist = (asked: Question | Question[], path: string) => string | null;

const HASH = `0x${"ab".repeat(32)}` as const;
const OTHER = `0x${"cd".repeat(32)}` as const;
const ADDRESS = checked(`0x${"00".repeat(19)}01`) as string;
const TOPIC = new Uint8Array(32).fill(7) as Bytes;
const MARK = { number: 5n, hash: new Uint8Array(32).fill(0xab) as Bytes, time: 9n };
const BLOCK = { number: "0x5", hash: HASH, timestamp: "0x9", miner: ADDRESS };
const LOG = {
  address: ADDRESS.toLowerCase(),
  topics: [hex(TOPIC)],
  data: "0x",
  blockNumber: "0x5",
  blockHash: HASH,
  removed: false,
};
const FILTER = { address: ADDRESS, topics: [TOPIC], first: 1n, last: 9n };

class Refusal {
  readonly error: unknown;
  constructor(message: string, code = -32000, data?: unknown) {
    this.error = { code, message, ...(data === undefined ? {} : { data }) };
  }
}

let tell: Tell = () => null;
let twist: Twist = () => null;
let head: (response: ServerResponse) => number = () => 200;
let requests: (Question | Question[])[] = [];

const server: Server = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => {
    body += piece;
  });
  request.on("end", () => {
    const asked = JSON.parse(body) as Question | Question[];
    requests.push(asked);
    const one = (each: Question) => {
      const found = tell(each);
      const rest = found instanceof Refusal ? { error: found.error } : { result: found };
      return { jsonrpc: "2.0", id: each.id, ...rest };
    };
    const usual = Array.isArray(asked) ? asked.map(one) : one(asked);
    const told = twist(asked, request.url ?? "") ?? JSON.stringify(usual);
    response.statusCode = head(response);
    response.end(told);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const hasty = { ...LIMITS, pause: 1, tries: 3 };
const node = (limits = hasty): Node => new Node(url, limits);

beforeEach(() => {
  [tell, twist, head, requests] = [() => null, () => null, () => 200, []];
});
after(() => server.close());

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

describe("answers are checked field by field", () => {
  const bent = <T extends object>(good: T, bad: Partial<Record<keyof T, unknown[]>>): unknown[] =>
    Object.entries(bad).flatMap(([name, values]) =>
      (values as unknown[]).map((each) => ({ ...good, [name]: each })),
    );
  const notNumbers = [5, "5", "0x", "0xg", "-0x5", `0x${"f".repeat(17)}`, undefined, [], {}, true];
  const notHashes = [HASH.slice(0, -2), `${HASH}ab`, HASH.slice(2), 7, undefined, "0x", [HASH]];

  test("a block", async () => {
    tell = () => BLOCK;
    assert.deepEqual(await node().block(5n), MARK);
    const wrong = bent(BLOCK, { number: notNumbers, timestamp: notNumbers, hash: notHashes });
    for (const each of [...wrong, { ...BLOCK, number: "0x6" }, [], "0x5", 7, true]) {
      tell = () => each;
      await assert.rejects(node().block(5n), WrongAnswer, JSON.stringify(each));
    }
    tell = () => null;
    await assert.rejects(node().block(5n), NodeBehind);
    await assert.rejects(node().block(0n), HistoryPruned);
  });

  test("a block by its hash, and who made it", async () => {
    tell = () => BLOCK;
    assert.deepEqual(await node().blockByHash(MARK.hash), MARK);
    assert.equal((await node().madeBlock(5n)).maker, ADDRESS);
    for (const miner of [...notHashes, null]) {
      tell = () => ({ ...BLOCK, miner });
      await assert.rejects(node().madeBlock(5n), WrongAnswer, JSON.stringify(miner));
    }
    tell = () => ({ ...BLOCK, hash: OTHER });
    await assert.rejects(node().blockByHash(MARK.hash), WrongAnswer);
  });

  test("code, and what a call returns", async () => {
    for (const each of [null, 7, "60", "0x6", "0xzz", "0x 60", ["0x60"], {}]) {
      tell = () => each;
      await assert.rejects(node().code(ADDRESS, MARK), WrongAnswer, JSON.stringify(each));
      await assert.rejects(node().call(ADDRESS, TOPIC, MARK), WrongAnswer, JSON.stringify(each));
    }
  });

  test("a log", async () => {
    tell = () => [LOG];
    const [found] = await all(node().logs(FILTER));
    assert.equal(found?.block, 5n);
    const far = ["0x0", "0xa", ...notNumbers];
    const topics = [[], [OTHER], [hex(TOPIC), 7], Array(5).fill(hex(TOPIC)), hex(TOPIC), null];
    const address = [`0x${"00".repeat(20)}`, 7, null];
    const wrong = bent(LOG, {
      address,
      topics,
      data: [null, 7, "00", "0x0"],
      blockNumber: far,
      blockHash: notHashes,
      removed: [true],
    });
    for (const each of [...wrong, null, 7, [], "0x"]) {
      tell = () => [each];
      await assert.rejects(all(node().logs(FILTER)), WrongAnswer, JSON.stringify(each));
    }
    for (const each of [null, {}, "0x", 7]) {
      tell = () => each;
      await assert.rejects(all(node().logs(FILTER)), WrongAnswer, JSON.stringify(each));
    }
  });

  test("the frame of an answer", async () => {
    const frames = ["", "[", "<html>", "7", "[]", "{}", '{"id":0}', '{"result":null,"result":1}'];
    for (const each of frames) {
      twist = () => each;
      await assert.rejects(node().chainId(), WrongAnswer, each);
    }
    const lists = ["[]", "{}", "null", '[{"id":0,"result":"0x1"}]', `[${'{"id":0},'.repeat(2)}{}]`];
    for (const each of lists) {
      twist = () => each;
      const one = node();
      const both = Promise.allSettled([one.block(5n), one.block(5n), one.block(5n)]);
      for (const found of await both) {
        assert.ok(found.status === "rejected" && found.reason instanceof WrongAnswer, each);
      }
    }
  });
});

/** What the contracts of a catalogue with one poll return, in words; of other methods, its phase. */
const RETURNED: Record<string, readonly bigint[]> = {
  "pollCount()": [1n],
  "ids(uint256,uint256)": [32n, 1n, 1n],
  "latest(bytes32)": [1n],
  "content()": [32n, 0n],
  "questions()": [32n, 1n, 2n, 1n, 1n, 1n],
};

test("a phase that no contract has is refused, and never guessed", async () => {
  const called = new Map(
    Object.entries(RETURNED).map(([name, words]) => [hex(callData(name, [])), words]),
  );
  const calls = (phase: number): Tell => {
    return ({ method, params }) => {
      if (method !== "eth_call") return BLOCK;
      const words = called.get(params[0].data.slice(0, 10)) ?? [BigInt(phase)];
      return hex(joined(words.map((each) => bytesOfNumber(each))));
    };
  };
  for (const [number, name] of PHASES.entries()) {
    tell = calls(number);
    assert.equal((await look(node(), ADDRESS, null, null)).phase, name);
    assert.equal((await listPolls(node(), ADDRESS, MARK))[0]?.phase, name);
  }
  for (const number of [PHASES.length, 255, 256]) {
    tell = calls(number);
    await assert.rejects(look(node(), ADDRESS, null, null), UnknownContract);
    await assert.rejects(listPolls(node(), ADDRESS, MARK), UnknownContract);
  }
});

describe("questions go together", () => {
  const blocks: Tell = ({ params }) => ({ ...BLOCK, number: params[0] });

  test("those that are asked at once, in whatever order they are answered", async () => {
    tell = blocks;
    twist = (asked) =>
      Array.isArray(asked)
        ? JSON.stringify(asked.map((each) => ({ id: each.id, result: blocks(each) })).reverse())
        : null;
    const one = node();
    const found = await Promise.all([3n, 4n, 5n].map((each) => one.block(each)));
    assert.deepEqual(
      found.map((each) => each.number),
      [3n, 4n, 5n],
    );
    assert.equal(requests.length, 1);
  });

  test("as many as the node allows, by its words or by trying", async () => {
    for (const [most, said] of [
      [7, "Batch of more than 7 requests are not allowed on free tier"],
      [2, "batch requests are not supported"],
      [1, "invalid request"],
    ] as const) {
      tell = blocks;
      twist = (asked) =>
        Array.isArray(asked) && asked.length > most
          ? JSON.stringify({ id: null, error: { code: -32600, message: said } })
          : null;
      const one = node();
      const numbers = Array.from({ length: 25 }, (_, at) => BigInt(at + 1));
      const found = await Promise.all(numbers.map((each) => one.block(each)));
      assert.deepEqual(
        found.map((each) => each.number),
        numbers,
        said,
      );
    }
  });

  test("a question without room among the others is asked alone", async () => {
    tell = blocks;
    twist = (asked) =>
      Array.isArray(asked)
        ? JSON.stringify(
            asked.map(({ id }, at) =>
              at
                ? { id, ...new Refusal("the answers are too large together") }
                : { id, result: BLOCK },
            ),
          )
        : null;
    const one = node();
    const [first, second] = await Promise.all([one.block(5n), one.block(6n)]);
    assert.deepEqual([first?.number, second?.number], [5n, 6n]);
  });

  test("one that is refused does not spoil the others", async () => {
    tell = (asked) => (asked.method === "eth_getCode" ? new Refusal("no") : BLOCK);
    const one = node();
    const [code, block] = await Promise.allSettled([one.code(ADDRESS, MARK), one.block(5n)]);
    assert.ok(code.status === "rejected" && code.reason instanceof NodeRefused);
    assert.equal(block.status, "fulfilled");
  });
});

describe("dialects of nodes", () => {
  test("logs come in ranges that the node allows, with progress", async () => {
    for (const said of [
      "exceed maximum block range: 40",
      "range 101 exceeds limit of 40",
      "eth_getLogs is limited to a 40 range",
      "Requested range exceeds maximum RPC range limit",
      "internal error",
    ]) {
      tell = ({ params: [{ fromBlock, toBlock }] }) =>
        Number(toBlock) + 1 - Number(fromBlock) > 40
          ? new Refusal(said, -32602)
          : [{ ...LOG, blockNumber: toBlock }];
      const one = node();
      const done: bigint[] = [];
      one.progress = (each, whole) => {
        assert.equal(whole, 100n);
        done.push(each);
      };
      const found = await all(one.logs({ ...FILTER, first: 1n, last: 100n }));
      assert.equal(found.at(-1)?.block, 100n, said);
      assert.equal(done.at(-1), 100n);
      assert.deepEqual(
        found.map((each) => each.block),
        done,
      );
    }
  });

  test("a range of one block that is refused is refused", async () => {
    tell = () => new Refusal("query returned more than 10000 results");
    await assert.rejects(all(node().logs(FILTER)), NodeRefused);
  });

  test("a block's hash is named as the node takes it", async () => {
    for (const isBare of [true, false]) {
      tell = ({ params }) =>
        (typeof params[1] === "string") === isBare
          ? "0x60"
          : new Refusal("invalid argument 1", -32602);
      const one = node();
      assert.equal((await one.code(ADDRESS, MARK)).length, 1);
      requests = [];
      await one.code(ADDRESS, MARK);
      assert.equal(requests.length, 1); // it has learned
    }
  });

  test("history that is gone, and a block that is not there, are told apart", async () => {
    for (const [said, code] of [
      ["pruned history unavailable", 4444],
      ["Receipt not available for From block 7.", -32000],
      ["data before txNum=26 is not available: blockNum=16, txNum=19", -32000],
      ["missing trie node 0123 (path ) state 0x01 is not available", -32000],
    ] as const) {
      tell = () => new Refusal(said, code);
      await assert.rejects(all(node().logs(FILTER)), HistoryPruned, said);
      await assert.rejects(node().call(ADDRESS, TOPIC, MARK), HistoryPruned, said);
    }
    tell = () => new Refusal("header not found");
    await assert.rejects(node().code(ADDRESS, MARK), NodeBehind);
  });

  test("a contract that refuses is no node that refuses", async () => {
    for (const [said, code] of [
      ["execution reverted", 3],
      ["VM Exception while processing transaction: revert", -32000],
      ["VM execution error.", -32015],
      ["out of gas", -32000],
    ] as const) {
      tell = () => new Refusal(said, code);
      await assert.rejects(node().call(ADDRESS, TOPIC, MARK), UnknownContract, said);
    }
    tell = () => new Refusal("execution reverted", 3);
    await assert.rejects(node().code(ADDRESS, MARK), NodeRefused);
  });

  test("a node's words are on one line, and bounded", async () => {
    tell = () => new Refusal(`a\u202e\n\u0000b${"x".repeat(5000)}`);
    await assert.rejects(node().chainId(), ({ message }: Error) => {
      assert.doesNotMatch(message, /[\p{Cc}\p{Cf}]/u);
      return message.length < 500;
    });
    for (const error of ["no", null, 7, {}, { message: 7 }]) {
      twist = (asked) => JSON.stringify({ id: (asked as Question).id, error });
      await assert.rejects(node().chainId(), error === null ? WrongAnswer : NodeRefused);
    }
  });
});

describe("a busy node", () => {
  test("is asked again, and told by its status and its pause", async () => {
    let count = 0;
    head = () => (++count < 3 ? 429 : 200);
    twist = () => (count < 2 ? "busy" : null);
    tell = () => "0x1";
    assert.equal(await node().chainId(), 1n);
    head = (response) => {
      response.setHeader("retry-after", "120");
      return 429;
    };
    twist = () => "slow down";
    requests = [];
    await assert.rejects(node().chainId(), (error) => {
      assert.ok(error instanceof NodeBusy);
      assert.equal(error.after, 120);
      assert.match(error.message, /429.*120 seconds/);
      return true;
    });
    assert.equal(requests.length, 1); // nobody waits for two minutes
  });

  test("is asked for its chain again later, and only until it has answered", async () => {
    const one = node();
    head = () => 502;
    await assert.rejects(one.chainId(), NodeUnreachable);
    head = () => 200;
    tell = () => "0x7";
    assert.equal(await one.chainId(), 7n);
    tell = () => "0x8";
    assert.equal(await one.chainId(), 7n);
  });

  test("may say so in its own words", async () => {
    for (const refusal of [
      new Refusal("daily request count exceeded, request rate limited", -32005),
      new Refusal("Too Many Requests", 429),
    ]) {
      tell = () => refusal;
      requests = [];
      await assert.rejects(node().chainId(), NodeBusy);
      assert.equal(requests.length, hasty.tries);
    }
  });

  test("is not one that forbids, nor one that is down", async () => {
    for (const status of [401, 403]) {
      head = () => status;
      requests = [];
      await assert.rejects(node().chainId(), NodeForbids);
      assert.equal(requests.length, 1);
    }
    head = () => 502;
    twist = () => "bad gateway";
    await assert.rejects(node().chainId(), NodeUnreachable);
    await assert.rejects(new Node("http://127.0.0.1:9", hasty).chainId(), NodeUnreachable);
    for (const each of ["", "ftp://a", "javascript:1", "node"]) {
      assert.throws(() => new Node(each), NodeUnreachable);
    }
  });
});

describe("a node that leads elsewhere", () => {
  test("is not followed, and told", async () => {
    tell = () => "0x1";
    for (const status of [301, 302, 303, 307, 308]) {
      const paths: string[] = [];
      twist = (_, path) => {
        paths.push(path);
        return null;
      };
      head = (response) => {
        response.setHeader("location", "/elsewhere");
        return status;
      };
      const one = node({ ...hasty, tries: 1 });
      const told = { name: "NodeUnreachable", message: /sends this page to another URL/ };
      await assert.rejects(one.chainId(), told);
      assert.deepEqual(paths, ["/"]);
    }
  });
});

describe("what a poll stands on", () => {
  const foundation = (): NodeFoundation => new NodeFoundation(node(), ADDRESS, MARK);

  test("is read once: a node could show another the second time", async () => {
    const found = foundation();
    for (const said of [HASH, OTHER]) {
      tell = () => said;
      assert.equal(hex(await found.pollHash()), HASH);
    }
  });

  test("is read again if it could not be read", async () => {
    const found = foundation();
    tell = () => new Refusal("no");
    await assert.rejects(found.pollHash(), NodeRefused);
    await assert.rejects(found.poll.code(), NodeRefused);
    tell = () => HASH;
    assert.equal(hex(await found.pollHash()), HASH);
    assert.equal(hex(await found.poll.code()), HASH);
  });
});

describe("an answer has an end", () => {
  test("in bytes", async () => {
    twist = () => " ".repeat(3000);
    await assert.rejects(node({ ...hasty, bytes: 2000 }).chainId(), EndlessAnswer);
  });

  test("in time, though it goes on and on", async () => {
    const dripping = createServer((_, response) => {
      const timer = setInterval(() => response.write(" "), 5);
      response.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => dripping.listen(0, "127.0.0.1", resolve));
    const at = `http://127.0.0.1:${(dripping.address() as AddressInfo).port}`;
    await assert.rejects(new Node(at, { ...hasty, patience: 200 }).chainId(), EndlessAnswer);
    dripping.closeAllConnections();
    dripping.close();
  });
});

describe("a place", () => {
  test("is a node, or a relay that asks its own", async () => {
    tell = () => "0x1";
    assert.equal(await (await openNode(url)).chainId(), 1n);
    twist = (_, path) => (path === "/v1/rpc" ? null : '{"detail":"not found"}');
    head = () => 200;
    const found = await openNode(`${url}/`);
    assert.equal(await found.chainId(), 1n);
    assert.equal(found.name, new URL(url).host);
  });

  test("shows who made its newest blocks, in order", async () => {
    tell = ({ params }) => ({ ...BLOCK, number: params[0] === "latest" ? "0x7" : params[0] });
    const found = await newestBlocks(node(), 3);
    assert.deepEqual(
      found.map((each) => each.number),
      [5n, 6n, 7n],
    );
    assert.equal((await newestBlocks(node(), 40)).length, 8);
  });
});
