/**
 * JSON documents that every program reads alike (RFC 8259): no object has a name twice, no number is
 * NaN or infinite, no text has half a letter, and at most 32 lists and objects are in each other.
 * Whole numbers are read as BigInt: those of 256 bits are no floating-point numbers.
 */

import { InvalidDocument } from "../errors";

export type Json = null | boolean | bigint | number | string | Json[] | JsonObject;
/** The fields of an object, in their order. */
export type JsonObject = Map<string, Json>;

const MOST_LEVELS = 32;
/** Maximum digits of a whole number, as Python has it: reading takes the square of their count. */
const MOST_DIGITS = 4300;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they end a text
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPED = new Map([...'"\\/'].map((each) => [each, each]));
for (const [name, meant] of Object.entries({ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" })) {
  ESCAPED.set(name, meant);
}

/** What a document says. */
export function parse(text: string): Json {
  return new Parser(text).document();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    this.#space();
    const found = this.#value(MOST_LEVELS);
    if (this.#at < this.#text.length) throw refusal();
    return found;
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw refusal();
    this.#at = pattern.lastIndex;
    return found;
  }

  #space(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code <= 32) this.#match(SPACE);
  }

  #take(character: string): boolean {
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }

  #require(character: string): void {
    if (!this.#take(character)) throw refusal();
  }

  /** A value, and the spaces behind it. */
  #value(levels: number): Json {
    const found = this.#bare(levels);
    this.#space();
    return found;
  }

  #bare(levels: number): Json {
    switch (this.#text.charAt(this.#at)) {
      case "{":
        return this.#object(levels);
      case "[":
        return this.#list(levels);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #word(word: string, meant: boolean | null): boolean | null {
    if (!this.#text.startsWith(word, this.#at)) throw refusal();
    this.#at += word.length;
    return meant;
  }

  #number(): bigint | number {
    const [whole, fraction, exponent] = this.#match(NUMBER);
    if (fraction === undefined && exponent === undefined) {
      if (whole.length > MOST_DIGITS) throw refusal();
      return BigInt(whole);
    }
    const found = Number(whole);
    if (!Number.isFinite(found)) throw refusal("it has an infinite number");
    return found;
  }

  #open(levels: number): void {
    if (!levels) throw refusal(`it has more than ${MOST_LEVELS} levels`);
    this.#at++;
    this.#space();
  }

  #list(levels: number): Json[] {
    this.#open(levels);
    const found: Json[] = [];
    if (this.#take("]")) return found;
    for (;;) {
      found.push(this.#value(levels - 1));
      if (this.#take("]")) return found;
      this.#require(",");
      this.#space();
    }
  }

  #object(levels: number): JsonObject {
    this.#open(levels);
    const found: JsonObject = new Map();
    if (this.#take("}")) return found;
    for (;;) {
      const name = this.#string();
      this.#space();
      this.#require(":");
      this.#space();
      if (found.has(name)) throw refusal("an object has a name twice");
      found.set(name, this.#value(levels - 1));
      if (this.#take("}")) return found;
      this.#require(",");
      this.#space();
    }
  }

  #string(): string {
    this.#require('"');
    let found = "";
    for (;;) {
      found += this.#match(PLAIN)[0];
      if (this.#take('"')) break;
      this.#require("\\");
      found += this.#escaped();
    }
    if (!found.isWellFormed()) throw refusal();
    return found;
  }

  #escaped(): string {
    const name = this.#text.charAt(this.#at++);
    if (name !== "u") {
      const meant = ESCAPED.get(name);
      if (meant === undefined) throw refusal();
      return meant;
    }
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw refusal();
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

const refusal = (reason = ""): InvalidDocument =>
  new InvalidDocument(`this is not a JSON document${reason ? `: ${reason}` : ""}`);

/** What can be written: objects by their fields, in order. */
export type Writable =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Writable[]
  | { readonly [name: string]: Writable };

/** A document without spaces between its parts, with texts as by RFC 8785. */
export function write(value: Writable): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(write).join(",")}]`;
  const fields = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}:${write(each)}`,
  );
  return `{${fields.join(",")}}`;
}

const isList = (value: object): value is readonly Writable[] => Array.isArray(value);
