import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { type Bytes, hex, joined, utf8 } from "../src/bytes";
import { Questions } from "../src/crypto/questions";
import { randomSecret } from "../src/crypto/sigma";
import { BallotSpent, InvalidDocument, InvalidScores, InvalidSignature } from "../src/errors";
import { Inflater } from "../src/observer/inflate";
import { readLines } from "../src/observer/record_file";
import { checkAudit } from "../src/protocol/audit";
import { PreparedBallot } from "../src/protocol/ballot";
import { fromPlain } from "../src/protocol/definition";
import { parse } from "../src/protocol/json";
import { parseLink, textOf } from "../src/protocol/link";
import { Form } from "../src/protocol/plain";
import * as signatures from "../src/protocol/signature";

const RECORDS = JSON.parse(readFileSync("tests/vectors/records.json", "utf8"));
const poll = fromPlain(Form.parse(RECORDS.lines[3], "record").form("definition"));
const hash = new Uint8Array(32).fill(7) as Bytes;

// -- Signatures --

test("nobody signs for the address zero", () => {
  const none = new Uint8Array(64).fill(0xff) as Bytes; // s is too high
  const sign = () => signatures.requireSigner(`0x${"00".repeat(20)}`, hash, none);
  assert.throws(sign, InvalidSignature);
});

// -- Proofs --

test("a prepared ballot is cast or audited, never both", () => {
  const key = randomSecret();
  const voter = { voter: signatures.accountOf(key), weight: 1n, replaces: null };
  const prepared = PreparedBallot.encrypt([0, 0, 1, 0, 0], poll, voter);
  const found = checkAudit(prepared.audit());
  assert.deepEqual(
    found[0]?.options.map(([, score]) => score),
    [0n, 0n, 1n, 0n, 0n],
  );
  assert.throws(() => prepared.prove(), BallotSpent);
});

test("scores that the questions do not allow are refused, and not shown", () => {
  const voter = { voter: signatures.accountOf(randomSecret()), weight: 1n, replaces: null };
  for (const scores of [
    [1, 1, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [2, 0, 0, 0, 0],
    [1, 0],
    [0.5, 0.5, 0, 0, 0],
  ]) {
    assert.throws(() => PreparedBallot.encrypt(scores, poll, voter), InvalidScores);
  }
});

test("questions of any number are refused rather than rounded", () => {
  assert.throws(() => Questions.of([[2n ** 64n, 1n, 1n, 1n]]));
  assert.throws(() => Questions.of([[3n, 1n, 2n ** 53n + 1n, 2n ** 53n + 1n]]));
});

// -- Documents --

/** A link with a digit of its address in the wrong case. */
const MISTYPED = `veche:0x5FbDB2315678afecb367f032d93F642f64180aa4@1#0x${"11".repeat(32)}`;

test("JSON that programs read otherwise is refused", () => {
  const bad = [
    '{"a":1,"a":2}',
    "NaN",
    "[1,]",
    "1e999",
    '"\\ud800"',
    "01",
    "-",
    "[1 2]",
    '"\t"',
    "[".repeat(33) + "]".repeat(33),
    "",
    "1 1",
    "nul",
    '{"a"}',
    "'a'",
  ];
  for (const each of bad) assert.throws(() => parse(each), InvalidDocument, each);
  assert.equal(parse(` ${2n ** 200n} `), 2n ** 200n);
  assert.equal(parse('"\\ud83c\\udf33"'), "🌳");
  assert.doesNotThrow(() => parse("[".repeat(32) + "]".repeat(32)));
});

test("names of objects are names, whatever they are", () => {
  const form = Form.parse('{"__proto__":{"x":1},"constructor":2}', "test");
  assert.equal(form.number("constructor"), 2n);
  assert.throws(() => form.number("toString"), InvalidDocument);
});

test("a link is understood as mail and browsers leave it", () => {
  const own = textOf({ address: poll.address, chainId: 1471n, pollHash: poll.hash });
  for (const text of [
    own,
    ` <${own}>. `,
    own.replace("#", "%23"),
    own.toUpperCase().replace("VECHE:0X", "veche:0x").replace("#0X", "#0x"),
    `${own.slice(0, 60)}\n${own.slice(60)}`,
  ]) {
    const found = parseLink(text);
    assert.deepEqual(
      [found.address, found.chainId, hex(found.pollHash)],
      [poll.address, 1471n, hex(poll.hash)],
    );
  }
  for (const text of ["", "veche:", own.slice(0, -1), `${own}0`, own.replace("@", ""), MISTYPED]) {
    assert.throws(() => parseLink(text), InvalidDocument, text);
  }
});

// -- Files --

function inflated(file: Bytes, size: number): Bytes {
  const inflater = new Inflater();
  const found: Bytes[] = [];
  let at = 0;
  while (!inflater.isAtEnd) {
    const piece = inflater.pull();
    found.push(piece);
    if (!piece.length && !inflater.isAtEnd) {
      if (at > file.length) throw new InvalidDocument("cut off");
      inflater.push(file.slice(at, at + size), at + size > file.length);
      at += size;
    }
  }
  return joined(found);
}

test("a long repetition fits wherever the piece before it ends", () => {
  const noise = Array.from({ length: 2 }, () => crypto.getRandomValues(new Uint8Array(49_152)));
  const text = joined([...noise.map((each) => each as Bytes), utf8("x".repeat(300_000))]);
  const file = new Uint8Array(gzipSync(text)).slice(10) as Bytes;
  for (let size = 98_600; size < 98_720; size += 2) {
    assert.equal(inflated(file, size).length, text.length, `${size}`);
  }
});

test("files are decompressed like everywhere, whatever their pieces", () => {
  const noise = crypto.getRandomValues(new Uint8Array(50_000)) as Bytes;
  const texts = [
    utf8(""),
    utf8("a"),
    utf8("veche ".repeat(40_000)),
    noise,
    joined([noise, utf8("x".repeat(300_000)), noise]),
  ];
  for (const [at, text] of texts.entries()) {
    for (const options of [{}, { level: 0 }, { level: 1 }, { strategy: 4 }, { memLevel: 1 }]) {
      const file = new Uint8Array(gzipSync(text, options)).slice(10);
      for (const size of [1009, 1 << 20])
        assert.equal(hex(inflated(file, size)) === hex(text), true, `${at}`);
    }
  }
});

test("a damaged file is told, and never loops", () => {
  const file = new Uint8Array(gzipSync(utf8(RECORDS.lines.join("\n")))).slice(10);
  for (let at = 0; at < file.length; at += 97) {
    const bent = file.slice();
    bent[at] = (bent[at] as number) ^ 0x10;
    assert.throws(() => inflated(bent, 4096), InvalidDocument, `byte ${at}`);
    assert.throws(() => inflated(file.slice(0, at), 4096), InvalidDocument, `cut at ${at}`);
  }
});

test("a file that would fill memory is refused early", async () => {
  const body = deflateRawSync(new Uint8Array(1 << 27), { level: 9 });
  const head = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  const file = new Blob([head, new Uint8Array(body)]);
  await assert.rejects(async () => {
    for await (const line of readLines(file)) assert.ok(line.length < 1 << 20);
  }, /is no record|has more than/);
});
