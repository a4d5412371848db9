/**
 * Questions to a node by JSON-RPC over HTTP. Those that are asked at once go together; a request that
 * fails on the way is repeated; every failure is an error of Veche.
 */

import {
  EndlessAnswer,
  HistoryPruned,
  known,
  NodeBehind,
  NodeBusy,
  NodeForbids,
  NodeRefused,
  NodeUnreachable,
  UnknownContract,
  WrongAnswer,
} from "../errors";
import { quoted } from "../protocol/characters";
import { type Json, parse, type Writable, write } from "../protocol/json";
import * as dialects from "./dialects";
import { type Bounds, isGood, type Reply, send, urlIn } from "./wire";

/** What bounds the way to a node. */
export interface Limits extends Bounds {
  /** How often a request is made at most. */
  readonly tries: number;
  /** Milliseconds before a request is repeated; each pause is twice as long. */
  readonly pause: number;
}

export const LIMITS: Limits = { bytes: 1 << 26, patience: 60_000, tries: 5, pause: 200 };
/** Maximum letters of a URL that are repeated. */
const LONGEST_URL = 200;
/** Maximum seconds to wait because a node asks for it. */
const LONGEST_PAUSE = 20;

const [UNAUTHORISED, FORBIDDEN, TOO_LARGE, TOO_MANY, UNAVAILABLE] = [401, 403, 413, 429, 503];
/** Methods that a contract may refuse, and not the node. */
const CALLS = ["eth_call", "eth_estimateGas"];

interface Question {
  readonly method: string;
  readonly params: readonly Writable[];
  readonly resolve: (found: Json) => void;
  readonly reject: (error: unknown) => void;
}

export class Transport {
  readonly name: string;
  /** Where the URL leads to: two with the same place are one node. */
  readonly place: string;
  readonly habits: dialects.Habits = {
    mostBlocks: dialects.MOST_BLOCKS,
    mostTogether: dialects.MOST_TOGETHER,
    bareHash: false,
  };
  readonly #url: string;
  readonly #limits: Limits;
  #waiting: Question[] = [];

  /** `url` begins with http:// or https://. Its path and its password stay secret. */
  constructor(url: string, limits: Limits = LIMITS) {
    const found = urlIn(url);
    if (!found) {
      throw new NodeUnreachable(
        `${quoted(url.slice(0, LONGEST_URL))} is no URL of a node, like http://localhost:8545`,
      );
    }
    const { host, origin, pathname, search } = found;
    this.name = host;
    this.place = origin + pathname.replace(/\/+$/, "") + search;
    this.#url = found.href;
    this.#limits = limits;
  }

  /** The result of a question as the node gives it; nothing in it is checked. */
  ask(method: string, ...params: readonly Writable[]): Promise<Json> {
    return new Promise((resolve, reject) => {
      if (!this.#waiting.length) queueMicrotask(() => void this.#flush());
      this.#waiting.push({ method, params, resolve, reject });
    });
  }

  // -- Together --

  async #flush(): Promise<void> {
    let left = this.#waiting;
    this.#waiting = [];
    while (left.length) {
      const page = left.slice(0, this.habits.mostTogether);
      if (await this.#page(page)) left = left.slice(page.length);
    }
  }

  /** Asks questions together; false if the node wants fewer of them at once. */
  async #page(page: readonly Question[]): Promise<boolean> {
    try {
      const found = page.length === 1 ? [await this.#one(page)] : await this.#many(page);
      const crowded = page.filter((each, at) => !this.#settle(each, found[at] as Json));
      for (const each of crowded) await this.#page([each]);
    } catch (error) {
      if (page.length > 1 && refusesForm(error)) {
        this.habits.mostTogether = dialects.fewerTogether(error.said, page.length);
        return false;
      }
      for (const { reject } of page) reject(error);
    }
    return true;
  }

  #one([question]: readonly Question[]): Promise<Json> {
    return this.#exchange(write(body(question as Question, 0)));
  }

  async #many(page: readonly Question[]): Promise<Json[]> {
    const answer = await this.#exchange(write(page.map(body)));
    if (answer instanceof Map && answer.has("error")) {
      this.#refuse(answer.get("error") ?? null, "a request");
    }
    const found = new Map<string, Json>();
    for (const each of Array.isArray(answer) ? answer : []) {
      if (each instanceof Map) found.set(String(each.get("id")), each);
    }
    const isWhole = Array.isArray(answer) && answer.length === page.length;
    if (!isWhole || !page.every((_, at) => found.has(String(at)))) {
      throw new WrongAnswer(`${this.name} does not answer every question of a request`);
    }
    return page.map((_, at) => found.get(String(at)) as Json);
  }

  /** Answers a question; false if it must be asked alone. */
  #settle({ method, resolve, reject }: Question, answer: Json): boolean {
    try {
      resolve(this.#result(answer, method));
    } catch (error) {
      if (error instanceof NodeRefused && dialects.isForCompany(error.said)) return false;
      reject(error);
    }
    return true;
  }

  // -- Answers --

  #result(answer: Json, method: string): Json {
    const given = answer instanceof Map ? answer : new Map<string, Json>();
    const error = given.get("error");
    if (error !== undefined && error !== null) return this.#refuse(error, method);
    const found = given.get("result");
    if (found !== undefined) return found;
    throw new WrongAnswer(`${this.name} answers with neither a result nor an error`);
  }

  #refuse(error: Json, method: string): never {
    if (CALLS.includes(method) && dialects.isRevert(error)) {
      throw new UnknownContract("the contract refuses to answer");
    }
    const said = dialects.words(error);
    const told = `${this.name} refuses ${method}: ${said || "it does not say why"}`;
    if (dialects.isPruned(error)) throw new HistoryPruned(told, said);
    if (dialects.lacksBlock(error)) throw new NodeBehind(told);
    throw new NodeRefused(told, said, dialects.code(error));
  }

  /** The answer to a request, which is repeated while the node is busy or cannot be reached. */
  async #exchange(request: string): Promise<Json> {
    const begun = Date.now();
    let { pause } = this.#limits;
    for (let tried = 1; ; tried++, pause *= 2) {
      try {
        return await this.#once(request);
      } catch (error) {
        const wait = waitingFor(error, pause);
        const isLate = Date.now() - begun >= this.#limits.patience;
        if (wait === null || isLate || tried >= this.#limits.tries) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  async #once(request: string): Promise<Json> {
    const reply = await send(this.#url, request, this.#limits);
    if ("why" in reply) {
      const told = `${this.name} ${reply.why}, or use another node`;
      throw new (reply.isEndless ? EndlessAnswer : NodeUnreachable)(told);
    }
    const answer = jsonOf(reply.text);
    const each = Array.isArray(answer) ? answer : [answer];
    const errors = each.flatMap((one) => (one instanceof Map ? [one.get("error") ?? null] : []));
    const said = errors.map(dialects.words).find(Boolean) ?? "";
    if (!isGood(reply)) this.#requireUsable(reply, said, errors.some(Boolean));
    if (errors.some(dialects.isTooBusy)) throw new NodeBusy(`${this.name} is busy: ${said}`, said);
    if (answer === undefined) {
      throw new WrongAnswer(`${this.name} gives an answer that no node gives: use another node`);
    }
    return answer;
  }

  /** Refuses an answer by its status, unless the node has words of its own for its refusal. */
  #requireUsable(reply: Reply, said: string, hasError: boolean): void {
    const { status, retryAfter } = reply;
    const told = `${this.name} answers with HTTP status ${status}${said && `: ${said}`}`;
    if (status === UNAUTHORISED || status === FORBIDDEN) throw new NodeForbids(told, said);
    if (status === TOO_MANY || (status === UNAVAILABLE && retryAfter !== null)) {
      const after = retryAfter ?? 0;
      const asks = after ? `; it asks to wait ${Math.ceil(after)} seconds` : "";
      throw new NodeBusy(told + asks, said, after);
    }
    if (hasError) return;
    if (status === TOO_LARGE) throw new NodeRefused(told);
    throw new NodeUnreachable(told);
  }
}

const body = ({ method, params }: Question, id: number): Writable => ({
  jsonrpc: "2.0",
  id,
  method,
  params: [...params],
});

/** Milliseconds to wait before a request is repeated; null if repeating it does not help. */
function waitingFor(error: unknown, pause: number): number | null {
  if (error instanceof NodeUnreachable) return pause;
  if (!(error instanceof NodeBusy) || error.after > LONGEST_PAUSE) return null;
  return Math.max(pause, error.after * 1000);
}

const LASTING = [NodeBusy, NodeForbids, HistoryPruned];

/** Whether a node refuses how it is asked, or how much at once. */
export const refusesForm = (error: unknown): error is NodeRefused =>
  error instanceof NodeRefused && !LASTING.some((each) => error instanceof each);

/** What a text says in JSON; undefined if it is none. */
function jsonOf(text: string): Json | undefined {
  try {
    return parse(text);
  } catch (error) {
    known(error);
    return undefined;
  }
}
