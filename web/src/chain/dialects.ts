/** How nodes differ: what they call things, what they refuse, and how they want to be asked. */

import type { Json } from "../protocol/json";

/** Maximum blocks whose logs are asked for at once. */
export const MOST_BLOCKS = 10_000;
/** Maximum questions in one request. */
export const MOST_TOGETHER = 100;
/** The limits that providers set most often, for a node that does not tell its own. */
const COMMON_BLOCKS = [10_000, 500, 10, 1] as const;
const COMMON_TOGETHER = [10, 2, 1] as const;
/** Maximum letters of a node's words that are repeated. */
const LONGEST_WORDS = 300;

/** How one node wants to be asked: learned from its refusals. */
export interface Habits {
  mostBlocks: number;
  mostTogether: number;
  /** Whether it takes a block's hash alone; others take it by EIP-1898. */
  bareHash: boolean;
}

// -- Words --

/** A node's own words in the error of an answer, on one line; empty if it has none. */
export function words(error: Json | undefined): string {
  if (!(error instanceof Map)) return line(error);
  const said = line(error.get("message"));
  const data = error.get("data");
  const more = line(data instanceof Map ? (data.get("payload") ?? data.get("message")) : data);
  const isMore = more && !more.includes("0x") && !said.includes(more);
  return [said, isMore ? more : ""].filter(Boolean).join(": ");
}

/** What a stranger says, on one line, without what steers or hides. */
function line(said: Json | undefined): string {
  const text = typeof said === "string" ? said.slice(0, LONGEST_WORDS) : "";
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}

/** The number of an error; 0 if it has none. */
export function code(error: Json | undefined): number {
  const found = error instanceof Map ? error.get("code") : null;
  return typeof found === "bigint" ? Number(found) : 0;
}

const has = (said: string, ...anyOf: readonly string[]): boolean => {
  const plain = said.toLowerCase().replace(/[\s_-]/g, "");
  return anyOf.some((each) => plain.includes(each.replaceAll(" ", "")));
};

// -- Reverts --

/** The codes of a revert: of most nodes, and of OpenEthereum's and Nethermind's. */
const REVERTED: readonly number[] = [3, -32015];
const FAULTS = [
  "revert",
  "evm error",
  "vm execution error",
  "out of gas",
  "invalid opcode",
  "bad instruction",
  "invalid jump",
  "bad jump",
  "stack underflow",
  "stack limit",
  "return data out of bounds",
  "write protection",
  "gas uint64 overflow",
];

/** Whether the contract failed, and not the node. */
export const isRevert = (error: Json): boolean =>
  error instanceof Map &&
  (REVERTED.includes(code(error)) || has(line(error.get("message")), ...FAULTS));

// -- Refusals --

const TOO_MANY_REQUESTS = 429;
/** The code of EIP-4444. */
const PRUNED = 4444;
const INVALID_PARAMETERS = -32602;

/** Whether a node has too many requests to answer, and may answer later. */
export const isTooBusy = (error: Json | undefined): boolean =>
  code(error) === TOO_MANY_REQUESTS ||
  has(words(error), "too many requests", "rate limit", "compute units per second", "throttled");

/** Whether a node has thrown away what is asked for (EIP-4444). */
export const isPruned = (error: Json): boolean =>
  code(error) === PRUNED ||
  has(
    words(error),
    "pruned",
    "pruning",
    "missing trie node",
    "receipt not available",
    "historical state",
    "state not available",
    "state is not available",
    "state unavailable",
    "archive",
    "is not available: blocknum",
  );

/** Whether a node does not have the block that is named. */
export const lacksBlock = (error: Json): boolean =>
  has(words(error), "header not found", "block not found", "unknown block", "header for hash");

/** Whether a node refuses how a block's hash is written, by the number or words of its error. */
export const refusesHash = (number: number, said: string): boolean =>
  number === INVALID_PARAMETERS ||
  has(said, "invalid argument", "invalid params", "invalid block", "cannot unmarshal");

// -- How much at once --

/** For how many blocks to ask instead of so many, after a refusal; at least 1. */
export const fewerBlocks = (said: string, asked: number): number =>
  fewer(said, asked, COMMON_BLOCKS);

/** How many questions to ask together instead of so many, after a refusal; at least 1. */
export const fewerTogether = (said: string, asked: number): number =>
  fewer(said, asked, COMMON_TOGETHER);

/** The largest limit that the words name and that is less; otherwise the next common one. */
function fewer(said: string, asked: number, common: readonly number[]): number {
  const plain = said.replace(/(?<=\d)[,_](?=\d{3})/g, "");
  const named = [...plain.matchAll(/(?<![\w.-])(\d{1,9})(k?)\b/gi)]
    .map(([, number, thousand]) => Number(number) * (thousand ? 1000 : 1))
    .filter((each) => each > 0 && each < asked);
  return named.length ? Math.max(...named) : (common.find((each) => each < asked) ?? 1);
}

/** Whether a refusal is of the logs in a range: then another range of the same size may be shown. */
export const isForLogs = (said: string): boolean =>
  has(said, "results", "response size", "too large", "too many logs", "timeout", "timed out");

/** Whether a node refuses a question only because of what it was asked with it. */
export const isForCompany = (said: string): boolean => has(said, "too large together");

/** The seconds to wait that a node asks for with `Retry-After`; 0 if it asks for nothing. */
export function pause(retryAfter: string, now: number): number {
  if (/^\s*[0-9]{1,9}\s*$/.test(retryAfter)) return Number(retryAfter);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, date / 1000 - now);
}
