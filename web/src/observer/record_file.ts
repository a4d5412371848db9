/** The file of an election record: compressed lines of text, with their hash in the last line. */

import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, digitsOf, hex, joined, same, utf8 } from "../bytes";
import { InvalidDocument } from "../errors";
import { Inflater } from "./inflate";

/** The first bytes of every record: a gzip file without name and time. */
const HEADER = "0x1f8b0800000000000003";
/** Maximum bytes of a line. */
const LONGEST_LINE = 1 << 20;
/** Maximum bytes of lines for a byte of the file, beyond those of one longest line. */
const RATIO = 16;
const LINE_FEED = 10;

/** Reads the lines of a record, one by one, and at the end compares their hash. */
export async function* readLines(file: Blob): AsyncGenerator<string> {
  const hasher = sha256.create();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let before: Bytes | null = null;
  for await (const lines of batches(file)) {
    for (const line of lines) {
      if (before) {
        hasher.update(before);
        yield decoded(decoder, before);
      }
      before = line;
    }
  }
  const last = `{"sha256": "${digitsOf(hasher.digest() as Bytes)}"}\n`;
  if (!before || !same(before, utf8(last))) {
    throw new InvalidDocument("the file is damaged: its last line is not the hash of the others");
  }
}

/** The text of a line, without its line feed. */
function decoded(decoder: TextDecoder, line: Bytes): string {
  try {
    return decoder.decode(line.subarray(0, -1));
  } catch {
    throw new InvalidDocument("the file is damaged: a line is not text in UTF-8");
  }
}

/** The lines with their line feeds, as many at once as a piece of the file has. */
async function* batches(file: Blob): AsyncGenerator<Bytes[]> {
  let rest: Bytes = new Uint8Array(0);
  for await (const piece of pieces(file)) {
    const found: Bytes[] = [];
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      const own = piece.slice(start, end + 1);
      const line = rest.length ? joined([rest, own]) : own;
      rest = rest.length ? new Uint8Array(0) : rest;
      requireShort(line.length - 1);
      found.push(line);
      start = end + 1;
    }
    rest = joined([rest, piece.slice(start)]);
    requireShort(rest.length);
    yield found;
  }
  if (rest.length) throw new InvalidDocument("the file is damaged: its last line is cut off");
}

function requireShort(length: number): void {
  if (length > LONGEST_LINE) {
    throw new InvalidDocument(`the file is damaged: a line has more than ${LONGEST_LINE} bytes`);
  }
}

/** What is behind the header of a file, decompressed, a piece at a time. */
async function* pieces(file: Blob): AsyncGenerator<Bytes> {
  const head = new Uint8Array(await file.slice(0, 10).arrayBuffer());
  if (hex(head) !== HEADER) throw new InvalidDocument("the file is not an election record");
  const inflater = new Inflater();
  const reader = file.slice(10).stream().getReader();
  let [taken, given] = [10, 0];
  for (let isLast = false; !inflater.isAtEnd; ) {
    const piece = inflater.pull();
    given += piece.length;
    if (given > LONGEST_LINE + RATIO * (taken - inflater.unused)) {
      const said = `its lines are more than ${RATIO} times as long as the file`;
      throw new InvalidDocument(`the file is no record: ${said}`);
    }
    if (piece.length) {
      yield piece;
    } else if (!inflater.isAtEnd) {
      if (isLast) throw new InvalidDocument("the file is damaged: it is cut off");
      const { done, value } = await reader.read();
      isLast = done;
      taken += value?.length ?? 0;
      inflater.push((value ?? new Uint8Array(0)) as Bytes, done);
    }
  }
  const more = inflater.unused || !(await reader.read()).done;
  if (more) throw new InvalidDocument("the file is damaged: it goes on after its end");
}
