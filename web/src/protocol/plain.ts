/** Values as plain data of JSON documents, written and read; every field is checked when read. */

import { type Bytes, bytesOf, bytesOfNumber, hex, numberOf } from "../bytes";
import { Point, type Scalar, scalarFromOutside } from "../crypto/group";
import { InvalidDocument, known } from "../errors";
import { type Address, checked } from "./addresses";
import { type Json, type JsonObject, parse } from "./json";

const MAX_NUMBER = 2n ** 256n - 1n;

/** A number of 256 bits as 32 bytes. */
export const word = (value: bigint): string => hex(bytesOfNumber(value));
/** A point that is not infinity, compressed to 33 bytes. */
export const point = (value: Point): string => hex(value.compressed);

/** A JSON object from outside. Its methods read a field each. */
export class Form {
  readonly #fields: JsonObject;
  readonly #what: string;

  constructor(fields: Json, what: string) {
    if (!(fields instanceof Map)) throw new InvalidDocument(`${what}: this is not a JSON object`);
    this.#fields = fields;
    this.#what = what;
  }

  /** The object in a JSON text. */
  static parse(text: string, what: string): Form {
    try {
      return new Form(parse(text), what);
    } catch (error) {
      throw new InvalidDocument(`${what}: ${known(error).message}`);
    }
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** Any value. */
  json(name: string): Json {
    return this.#get(name);
  }

  isNull(name: string): boolean {
    return this.#get(name) === null;
  }

  form(name: string): Form {
    return new Form(this.#get(name), `${this.#what}, ${name}`);
  }

  forms(name: string, most?: number): Form[] {
    return this.#list(name, most).map((each) => new Form(each, `${this.#what}, ${name}`));
  }

  /** A whole number from 0 to `most`. */
  number(name: string, most = MAX_NUMBER): bigint {
    return this.#number(name, this.#get(name), most);
  }

  numbers(name: string, most?: number): bigint[] {
    return this.#list(name, most).map((each) => this.#number(name, each));
  }

  /** A list of lists, each with `length` whole numbers from 0. */
  lists(name: string, length: number): bigint[][] {
    return this.#list(name).map((each) => {
      if (!Array.isArray(each) || each.length !== length) {
        return this.#refuse(name, `lists of ${length} numbers`);
      }
      return each.map((number) => this.#number(name, number));
    });
  }

  text(name: string): string {
    return this.#text(name, this.#get(name), "a text");
  }

  texts(name: string, most?: number): string[] {
    return this.#list(name, most).map((each) => this.#text(name, each, "a list of texts"));
  }

  /** A list of pairs of texts. */
  textPairs(name: string, most?: number): [string, string][] {
    return this.#list(name, most).map((each) => {
      const [one, other, ...more] = Array.isArray(each) ? each : [];
      if (typeof one === "string" && typeof other === "string" && !more.length) return [one, other];
      return this.#refuse(name, "a list of pairs of texts");
    });
  }

  flag(name: string): boolean {
    const found = this.#get(name);
    return typeof found === "boolean" ? found : this.#refuse(name, "true or false");
  }

  address(name: string): Address {
    return this.#address(name, this.text(name));
  }

  addresses(name: string): Address[] {
    return this.texts(name).map((each) => this.#address(name, each));
  }

  /** A list of pairs of an address and a whole number from 0. */
  entries(name: string, most?: number): [Address, bigint][] {
    return this.#list(name, most).map((each) => {
      const [one, other, ...more] = Array.isArray(each) ? each : [];
      if (typeof one !== "string" || typeof other !== "bigint" || more.length) {
        return this.#refuse(name, "a list of pairs of an address and a number");
      }
      return [this.#address(name, one), this.#number(name, other)];
    });
  }

  /** Bytes, as many as `length`. */
  data(name: string, length: number): Bytes {
    return this.#data(name, this.#get(name), length);
  }

  dataList(name: string, length: number, most?: number): Bytes[] {
    return this.#list(name, most).map((each) => this.#data(name, each, length));
  }

  /** Any number of bytes. */
  blob(name: string): Bytes {
    const found = this.text(name);
    return this.#data(name, found, Math.floor((found.length - 2) / 2));
  }

  /** A number of bytes without 0x. */
  digits(name: string, length: number): Bytes {
    const digits = this.text(name);
    const found = digits.length === 2 * length ? bytesOf(digits) : null;
    return found ?? this.#refuse(name, `${2 * length} hexadecimal digits in lower case`);
  }

  words(name: string): bigint[] {
    return this.dataList(name, 32).map(numberOf);
  }

  point(name: string): Point {
    return this.#point(name, this.#get(name));
  }

  points(name: string, most?: number): Point[] {
    return this.#list(name, most).map((each) => this.#point(name, each));
  }

  /** A list of pairs of points. */
  pointPairs(name: string): [Point, Point][] {
    return this.#list(name).map((each) => {
      const [one, other, ...more] = Array.isArray(each) ? each : [];
      if (one === undefined || other === undefined || more.length) {
        return this.#refuse(name, "pairs of points");
      }
      return [this.#point(name, one), this.#point(name, other)];
    });
  }

  scalar(name: string): Scalar {
    return scalarFromOutside(numberOf(this.data(name, 32)), name);
  }

  scalars(name: string): Scalar[] {
    return this.words(name).map((each) => scalarFromOutside(each, name));
  }

  #get(name: string): Json {
    const found = this.#fields.get(name);
    if (found === undefined) throw new InvalidDocument(`${this.#what}: ${name} is missing`);
    return found;
  }

  #list(name: string, most?: number): Json[] {
    const found = this.#get(name);
    if (!Array.isArray(found)) return this.#refuse(name, "a list");
    if (most !== undefined && found.length > most) this.#refuse(name, `a list of at most ${most}`);
    return found;
  }

  #text(name: string, value: Json, wanted: string): string {
    return typeof value === "string" ? value : this.#refuse(name, wanted);
  }

  #number(name: string, value: Json, most = MAX_NUMBER): bigint {
    const isWhole = typeof value === "bigint" && value >= 0n && value <= MAX_NUMBER;
    if (!isWhole) return this.#refuse(name, "a whole number from 0");
    return value <= most ? value : this.#refuse(name, `a number up to ${most}`);
  }

  #address(name: string, text: string): Address {
    return checked(text) ?? this.#refuse(name, "an address");
  }

  #data(name: string, value: Json, length: number): Bytes {
    const wanted = `0x and ${2 * length} hexadecimal digits in lower case`;
    if (typeof value !== "string" || value.length !== 2 + 2 * length || !value.startsWith("0x")) {
      return this.#refuse(name, wanted);
    }
    return bytesOf(value.slice(2)) ?? this.#refuse(name, wanted);
  }

  #point(name: string, value: Json): Point {
    return Point.fromCompressed(this.#data(name, value, 33), name);
  }

  #refuse(name: string, wanted: string): never {
    throw new InvalidDocument(`${this.#what}: ${name} is not ${wanted}`);
  }
}
