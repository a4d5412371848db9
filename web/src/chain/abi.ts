/** Encodes calls of contracts, and decodes what they return and log, by the ABI of Solidity. */

import { type Bytes, bytesOfNumber, joined, numberOf, utf8 } from "../bytes";
import { keccak } from "../crypto/keccak";
import { UnknownContract } from "../errors";
import { type Address, addressOfNumber } from "../protocol/addresses";
import { PHASES, type Phase } from "../protocol/phase";

const WORD = 32;

/** Reads a value whose head is at `head`, with offsets from `base`. */
export interface Type<T> {
  /** The type's name in a signature. */
  readonly name: string;
  /** Bytes of the head. */
  readonly size: number;
  read(data: Bytes, base: number, head: number): T;
}

const refusal = (): UnknownContract =>
  new UnknownContract("no contract of Veche gives such an answer");

function wordAt(data: Bytes, at: number): Bytes {
  if (at < 0 || at + WORD > data.length) throw refusal();
  return data.slice(at, at + WORD);
}

/** A number below 2^bits. */
const number = (name: string, bits: bigint): Type<bigint> => ({
  name,
  size: WORD,
  read: (data, _, head) => {
    const found = numberOf(wordAt(data, head));
    if (found >> bits) throw refusal();
    return found;
  },
});

export const uint = number("uint256", 256n);
export const uint64 = number("uint64", 64n);

const mapped = <S, T>(name: string, type: Type<S>, map: (value: S) => T): Type<T> => ({
  name,
  size: type.size,
  read: (data, base, head) => map(type.read(data, base, head)),
});

export const address: Type<Address> = mapped("address", number("", 160n), addressOfNumber);
export const flag: Type<boolean> = mapped("bool", number("", 1n), (each) => each === 1n);
/** The phase of a poll; a number that stands for none is refused. */
export const phase: Type<Phase> = mapped("uint8", number("", 8n), (each) => {
  const found = PHASES[Number(each)];
  if (!found) throw refusal();
  return found;
});
export const word: Type<Bytes> = {
  name: "bytes32",
  size: WORD,
  read: (data, _, head) => wordAt(data, head),
};

type Values<T extends readonly Type<unknown>[]> = {
  -readonly [K in keyof T]: T[K] extends Type<infer V> ? V : never;
};

/** A tuple of types whose heads are their values. */
export const tuple = <const T extends readonly Type<unknown>[]>(...types: T): Type<Values<T>> => ({
  name: `(${types.map((each) => each.name).join(",")})`,
  size: types.reduce((sum, each) => sum + each.size, 0),
  read: (data, base, head) => {
    let at = head;
    return types.map((each) => {
      const found = each.read(data, base, at);
      at += each.size;
      return found;
    }) as Values<T>;
  },
});

/** Where a value stands whose head is an offset, and how many items or bytes it has. */
function pointed(data: Bytes, base: number, head: number, size: number): [number, number] {
  const offset = numberOf(wordAt(data, head));
  if (offset > data.length) throw refusal();
  const start = base + Number(offset);
  const length = numberOf(wordAt(data, start));
  if (length * BigInt(size) > data.length - start - WORD) throw refusal();
  return [start + WORD, Number(length)];
}

/** A list of values of a type whose head is its value. */
export const listOf = <T>(type: Type<T>): Type<T[]> => ({
  name: `${type.name}[]`,
  size: WORD,
  read: (data, base, head) => {
    const [start, length] = pointed(data, base, head, type.size);
    return Array.from({ length }, (_, at) => type.read(data, start, start + at * type.size));
  },
});

export const text: Type<string> = {
  name: "string",
  size: WORD,
  read: (data, base, head) => {
    const [start, length] = pointed(data, base, head, 1);
    try {
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return decoder.decode(data.slice(start, start + length));
    } catch {
      throw refusal();
    }
  },
};

/** The value in data. */
export const decode = <T>(type: Type<T>, data: Bytes): T => type.read(data, 0, 0);

/** The data of a call of a method with arguments that fill a word each. */
export function callData(signature: string, args: readonly bigint[]): Bytes {
  const selector = keccak(utf8(signature)).slice(0, 4);
  return joined([selector, ...args.map((each) => bytesOfNumber(each))]);
}
