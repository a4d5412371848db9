/**
 * A relay as its clients see it. Nothing that it says is believed: every answer must be about what was
 * asked, and a node shows what counts.
 */

import { type Bytes, hex, same } from "../bytes";
import { RelayError, RelayRefusal, RelayUnreachable, VecheError } from "../errors";
import type { Address } from "../protocol/addresses";
import { type SignedBallot, toJson } from "../protocol/ballot";
import { isReadable, quoted } from "../protocol/characters";
import type { PollDefinition } from "../protocol/definition";
import type { Json } from "../protocol/json";
import { Form } from "../protocol/plain";
import { type RollProof, rollProofIn } from "../protocol/roll_proof";
import { isGood, type NoReply, type Reply, send, urlIn } from "./wire";

/** What bounds an answer. */
const BOUNDS = { bytes: 1 << 20, patience: 60_000 };
/** Maximum characters of a relay's own words that are shown. */
const MOST_WORDS = 500;
/** What a relay's description says that it is. */
const TITLE = "Veche relay";

const STATES = ["queued", "sent", "confirmed", "found", "refused"] as const;
/** Queued, sent and confirmed by this relay; found on chain already; refused after it was accepted. */
type State = (typeof STATES)[number];

/** Where a ballot stands, as a relay says. */
interface Standing {
  readonly state: State;
  /** The block that has it, if the relay names one. */
  readonly block: bigint | null;
  /** Why it was refused. */
  readonly problem: RelayError | null;
}

export class Relay {
  /** The URL, without a slash at its end. */
  readonly url: string;
  /** The host, as messages name it. */
  readonly name: string;

  constructor(url: string) {
    const found = urlIn(url);
    if (!found) {
      const shown = quoted(url.trim().slice(0, MOST_WORDS));
      throw new RelayUnreachable(`${shown} is no URL of a relay, like https://relay.example.org`);
    }
    this.url = found.origin + found.pathname.replace(/\/+$/, "");
    this.name = found.host;
  }

  /** The URL of its read-only JSON-RPC, for readers without a node. */
  get rpc(): string {
    return `${this.url}/v1/rpc`;
  }

  /** Whether there is a relay at all. A node at this URL answers otherwise. */
  async isThere(): Promise<boolean> {
    const reply = await this.#send("/v1/openapi.json");
    try {
      return "text" in reply && this.#form(reply).form("info").text("title") === TITLE;
    } catch {
      return false;
    }
  }

  /** Hands a ballot in. It is refused by the name of what the relay says against it. */
  async handIn(signed: SignedBallot, tracker: Bytes): Promise<Standing> {
    return this.#standing(await this.ask("/v1/ballots", toJson(signed)), tracker);
  }

  /** Where a ballot stands. */
  async standing(tracker: Bytes): Promise<Standing> {
    return this.#standing(await this.ask(`/v1/ballots/${hex(tracker)}`), tracker);
  }

  /** The proof that a voter is on the roll of a poll; null if the relay says that the voter is not. */
  async rollProof(poll: PollDefinition, voter: Address): Promise<RollProof | null> {
    try {
      const { text } = await this.#answer(`/v1/polls/${poll.address}/voters/${voter}`);
      return this.#read(() => rollProofIn(text, poll, voter));
    } catch (error) {
      if (error instanceof RelayRefusal && error.name === "NotOnRoll") return null;
      throw error;
    }
  }

  #standing(form: Form, tracker: Bytes): Standing {
    return this.#read(() => {
      const state = STATES.find((each) => each === form.text("state"));
      if (!state || !same(form.data("tracker", 32), tracker)) throw this.#nonsense();
      const block = form.isNull("block") ? null : form.number("block");
      const problem = form.isNull("problem") ? null : this.#refusal(form.form("problem"), 0);
      return { state, block, problem };
    });
  }

  // -- Requests --

  /** What the relay answers to JSON, or shows if there is none: an object, and nothing in it is checked. */
  async ask(path: string, json = ""): Promise<Form> {
    return this.#form(await this.#answer(path, json));
  }

  /** Whatever the relay answers, unless it refuses. */
  async #answer(path: string, json = ""): Promise<Reply> {
    const reply = await this.#send(path, json);
    if ("why" in reply)
      throw new RelayUnreachable(`${this.name} ${reply.why}, or use another relay`);
    if (isGood(reply)) return reply;
    throw this.#refusal(this.#form(reply), reply.retryAfter ?? 0);
  }

  #send(path: string, json = ""): Promise<Reply | NoReply> {
    return send(this.url + path, json, BOUNDS);
  }

  #form({ status, text, retryAfter }: Reply): Form {
    try {
      return Form.parse(text, this.name);
    } catch {
      const said = `${this.name} answers with HTTP status ${status}, and is no relay`;
      throw retryAfter ? new RelayError(said, retryAfter) : new RelayUnreachable(said);
    }
  }

  /** What a problem document tells of. */
  #refusal(form: Form, after: number): RelayError {
    const name = form.has("name") ? form.json("name") : null;
    if (typeof name !== "string" || !/^[A-Z][A-Za-z]{1,60}$/.test(name)) {
      return new RelayError(`${this.name} refuses, and does not say why`, after);
    }
    const detail = form.has("detail") ? shown(form.json("detail")) : "";
    return new RelayRefusal(this.name, name, detail, after);
  }

  /** Reads an answer, which may be anything. */
  #read<T>(reading: () => T): T {
    try {
      return reading();
    } catch (error) {
      if (error instanceof VecheError && !(error instanceof RelayError)) throw this.#nonsense();
      throw error;
    }
  }

  #nonsense(): RelayError {
    return new RelayError(`${this.name} gives an answer to something else: use another relay`);
  }
}

/** A relay's own words, as a message can show them. */
function shown(value: Json): string {
  const line = typeof value === "string" ? value.replace(/\s+/g, " ").slice(0, MOST_WORDS) : "";
  return isReadable(line) ? line : quoted(line);
}
