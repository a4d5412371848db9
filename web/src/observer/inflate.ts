/**
 * Decompresses one gzip member (RFC 1951, RFC 1952), a piece at a time. The browser's own stream
 * cannot tell what stands behind the member, nor how much of the file a piece has taken.
 */

import type { Bytes } from "../bytes";
import { InvalidDocument } from "../errors";

const WINDOW = 1 << 15;
/** Bytes that are given at once, at most. */
const PIECE = 1 << 16;
/** Bytes of input that decoding one symbol, or the head of one block, can take. */
const MARGIN = 400;

const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST = 15;
/** Maximum bytes that are repeated at once: by so many a piece may be too long. */
const LONGEST_COPY = 258;

const damaged = (reason: string): InvalidDocument =>
  new InvalidDocument(`the file is damaged: ${reason}`);

/** A Huffman code: the symbol and the length of the code that begins with these bits. */
class Code {
  readonly #table: Uint16Array;

  /** `mayBeOne` says whether it may have one symbol alone, of length 1. */
  constructor(lengths: readonly number[], mayBeOne: boolean) {
    this.#table = new Uint16Array(1 << LONGEST);
    const counts = new Array<number>(LONGEST + 1).fill(0);
    for (const each of lengths) counts[each] = (counts[each] as number) + 1;
    counts[0] = 0;
    const next = [0];
    let left = 1;
    for (let length = 1; length <= LONGEST; length++) {
      left = 2 * left - (counts[length] as number);
      if (left < 0) throw damaged("a code has too many symbols");
      next[length] = ((next[length - 1] as number) + (counts[length - 1] as number)) << 1;
    }
    const longest = Math.max(...lengths);
    if (left > 0 && longest && !(mayBeOne && longest === 1))
      throw damaged("a code has too few symbols");
    for (const [symbol, length] of lengths.entries()) {
      if (length) this.#fill(symbol, length, next[length] as number);
      if (length) next[length] = (next[length] as number) + 1;
    }
  }

  #fill(symbol: number, length: number, code: number): void {
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
    for (let at = reversed; at < 1 << LONGEST; at += 1 << length) {
      this.#table[at] = (symbol << 4) | length;
    }
  }

  /** The symbol, times 16, and the length of the code at the beginning of these bits; 0 if none. */
  find(bits: number): number {
    return this.#table[bits & ((1 << LONGEST) - 1)] as number;
  }
}

const repeated = (count: number, value: number): number[] => Array<number>(count).fill(value);
const fixedLengths = [
  ...repeated(144, 8),
  ...repeated(112, 9),
  ...repeated(24, 7),
  ...repeated(8, 8),
];
let fixed: { symbols: Code; distances: Code } | null = null;

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let found = byte;
  for (let bit = 0; bit < 8; bit++) found = found & 1 ? (found >>> 1) ^ 0xedb88320 : found >>> 1;
  return found;
});

type State = "head" | "stored" | "coded" | "trailer" | "end";

/** Takes the bytes behind the ten of a gzip header, and gives what they hold. */
export class Inflater {
  #input: Bytes = new Uint8Array(0);
  #at = 0;
  #bits = 0;
  #count = 0;
  #isLastInput = false;
  readonly #window = new Uint8Array(WINDOW + 2 * PIECE + LONGEST_COPY);
  #filled = 0;
  #given = 0;
  #state: State = "head";
  #isLastBlock = false;
  #left = 0;
  #codes: { symbols: Code; distances: Code } | null = null;
  #crc = 0xffffffff;
  #total = 0;

  /** Whether the member has ended. */
  get isAtEnd(): boolean {
    return this.#state === "end";
  }

  /** Bytes of input that were not used. */
  get unused(): number {
    return this.#input.length - this.#at + (this.#count >> 3);
  }

  /** Adds input; `isLast` says that there is no more. */
  push(input: Bytes, isLast: boolean): void {
    const rest = this.#input.subarray(this.#at);
    const both = new Uint8Array(rest.length + input.length);
    both.set(rest);
    both.set(input, rest.length);
    this.#input = both;
    this.#at = 0;
    this.#isLastInput = isLast;
  }

  /** The next piece; empty if more input is needed, or at the end. */
  pull(): Bytes {
    if (this.#filled > WINDOW + PIECE) {
      this.#window.copyWithin(0, this.#filled - WINDOW, this.#filled);
      this.#filled = WINDOW;
    }
    this.#given = this.#filled;
    while (this.#state !== "trailer" && this.#filled - this.#given < PIECE) {
      if (this.#state === "end") break;
      if (!this.#isLastInput && this.#input.length - this.#at < MARGIN) break;
      this.#step();
    }
    const piece = this.#window.slice(this.#given, this.#filled);
    for (const byte of piece)
      this.#crc = (CRC[(this.#crc ^ byte) & 255] as number) ^ (this.#crc >>> 8);
    this.#total = (this.#total + piece.length) >>> 0;
    if (this.#state === "trailer") this.#trailer();
    return piece;
  }

  #step(): void {
    if (this.#state === "head") this.#head();
    else if (this.#state === "stored") this.#copyStored();
    else this.#decode();
  }

  #need(count: number): void {
    while (this.#count < count) {
      if (this.#at >= this.#input.length) throw damaged("it is cut off");
      this.#bits |= (this.#input[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
  }

  #take(count: number): number {
    if (!count) return 0;
    this.#need(count);
    const found = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return found;
  }

  #symbol(code: Code): number {
    while (this.#count < LONGEST && this.#at < this.#input.length) this.#need(this.#count + 1);
    const found = code.find(this.#bits);
    const length = found & 15;
    if (!length) throw damaged("it has a code that stands for nothing");
    this.#take(length);
    return found >> 4;
  }

  #head(): void {
    if (this.#isLastBlock) {
      this.#state = "trailer";
      return;
    }
    this.#isLastBlock = this.#take(1) === 1;
    const kind = this.#take(2);
    if (kind === 3) throw damaged("it has a block of no kind");
    if (kind === 0) {
      this.#openStored();
      return;
    }
    if (kind === 1) {
      fixed ??= {
        symbols: new Code(fixedLengths, true),
        distances: new Code(repeated(30, 5).concat(5, 5), true),
      };
      this.#codes = fixed;
    } else {
      this.#codes = this.#dynamic();
    }
    this.#state = "coded";
  }

  #openStored(): void {
    this.#take(this.#count & 7);
    this.#left = this.#take(16);
    if ((this.#take(16) ^ this.#left) !== 0xffff) throw damaged("a block has no length");
    this.#state = "stored";
  }

  #copyStored(): void {
    if (!this.#left) {
      this.#state = "head";
      return;
    }
    this.#window[this.#filled++] = this.#take(8);
    this.#left--;
  }

  #dynamic(): { symbols: Code; distances: Code } {
    const [literals, distances, count] = [
      this.#take(5) + 257,
      this.#take(5) + 1,
      this.#take(4) + 4,
    ];
    if (literals > 286 || distances > 30) throw damaged("a block has too many symbols");
    const lengths = repeated(19, 0);
    for (const place of ORDER.slice(0, count)) lengths[place] = this.#take(3);
    const code = new Code(lengths, false);
    const found: number[] = [];
    while (found.length < literals + distances) {
      const symbol = this.#symbol(code);
      if (symbol < 16) found.push(symbol);
      else found.push(...this.#run(symbol, found));
    }
    if (found.length > literals + distances) throw damaged("a block repeats a length too often");
    if (!found[256]) throw damaged("a block has no end");
    return {
      symbols: new Code(found.slice(0, literals), true),
      distances: new Code(found.slice(literals), true),
    };
  }

  #run(symbol: number, before: readonly number[]): number[] {
    if (symbol === 17) return repeated(3 + this.#take(3), 0);
    if (symbol === 18) return repeated(11 + this.#take(7), 0);
    const last = before.at(-1);
    if (last === undefined) throw damaged("a block repeats nothing");
    return repeated(3 + this.#take(2), last);
  }

  #decode(): void {
    const { symbols, distances } = this.#codes as { symbols: Code; distances: Code };
    const symbol = this.#symbol(symbols);
    if (symbol < 256) {
      this.#window[this.#filled++] = symbol;
      return;
    }
    if (symbol === 256) {
      this.#state = "head";
      return;
    }
    const length = LENGTHS[symbol - 257];
    if (length === undefined) throw damaged("it has a length of no kind");
    this.#copy(length + this.#take(LENGTH_BITS[symbol - 257] as number), this.#symbol(distances));
  }

  #copy(length: number, symbol: number): void {
    const base = DISTANCES[symbol];
    if (base === undefined) throw damaged("it has a distance of no kind");
    const distance = base + this.#take(DISTANCE_BITS[symbol] as number);
    if (distance > this.#filled) throw damaged("it repeats what is before its beginning");
    for (let left = length; left > 0; left--) {
      this.#window[this.#filled] = this.#window[this.#filled - distance] as number;
      this.#filled++;
    }
  }

  #trailer(): void {
    if (!this.#isLastInput && this.#input.length - this.#at + (this.#count >> 3) < 8) return;
    this.#take(this.#count & 7);
    const word = (): number => (this.#take(16) | (this.#take(16) << 16)) >>> 0;
    if (word() !== (this.#crc ^ 0xffffffff) >>> 0) throw damaged("its checksum is wrong");
    if (word() !== this.#total) throw damaged("its length is wrong");
    this.#state = "end";
  }
}
