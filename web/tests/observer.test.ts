import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { namedIn } from "../src/booth/ways";
import { trackerIn } from "../src/dashboard/finder";
import { makersOf } from "../src/dashboard/makers";
import type { Look } from "../src/dashboard/messages";
import { sourceOf } from "../src/dashboard/source_form";
import { after, begun, isAlarm } from "../src/dashboard/standing";
import { NodeStandsStill } from "../src/errors";
import * as parts from "../src/observer/record_parts";
import { patience, Standstill, usualGap } from "../src/observer/standstill";
import { checked } from "../src/protocol/addresses";
import type { Json } from "../src/protocol/json";
import { Form } from "../src/protocol/plain";

test("of the ways that a tab has kept, only URLs of HTTP are taken", () => {
  const at = "https://relay.example/";
  assert.deepEqual(namedIn(JSON.stringify([at, null])), { at, own: null });
  assert.deepEqual(namedIn(JSON.stringify([at, "http://a:8545"])), { at, own: "http://a:8545" });
  for (const bad of [
    "javascript:alert(1)",
    "data:,x",
    "file:///etc/passwd",
    "ws://a",
    "",
    7,
    null,
  ]) {
    assert.equal(namedIn(JSON.stringify([bad, at])), null, `${bad}`);
    assert.deepEqual(namedIn(JSON.stringify([at, bad])), { at, own: null }, `${bad}`);
  }
  for (const text of [null, "", "null", "7", "{}", "[", "[[]]"]) assert.equal(namedIn(text), null);
});

const MARK = { number: 7n, hash: new Uint8Array(32), time: 100n };

describe("whether blocks come", () => {
  test("the usual gap is the median, and a node cannot stretch it", () => {
    assert.equal(usualGap([0n, 12n, 24n, 36n, 900n]), 12);
    assert.equal(usualGap([0n, 1000n, 2000n, 3000n]), 120);
    assert.equal(usualGap([5n, 5n, 5n]), 1);
    assert.equal(usualGap([5n]), 1);
    assert.equal(usualGap([]), 1);
  });

  test("a standstill is told after some blocks, until a block comes", () => {
    const still = new Standstill("a or b", patience(5, [2, 12]));
    assert.equal(still.notice(0, 0), null);
    assert.equal(still.notice(60, 60), null);
    assert.equal(still.notice(61, 61), 61);
    still.move(MARK, 1000n, 70);
    assert.equal(still.notice(130, 130), null);
    assert.equal(still.notice(140, 140), 70);
  });

  test("a standstill beyond the close ends the watch", () => {
    const still = new Standstill("a", 60);
    still.move(MARK, 1000n, 0);
    assert.equal(still.notice(61, 1060), 61);
    assert.throws(() => still.notice(61, 1061), NodeStandsStill);
    const unknown = new Standstill("a", 60);
    unknown.move(MARK, null, 0);
    assert.equal(unknown.notice(99, 1e9), 99);
  });
});

test("a record of another version is told by its version", () => {
  const named = new Map<string, Json>([["format", "veche election record"]]);
  const header = new Form(named.set("version", 1n), "line 1");
  assert.throws(() => parts.header.read(header), /version 1, and this program reads version 2: /);
  const other = new Form(new Map([["format", "veche"]]), "line 1");
  assert.throws(() => parts.header.read(other), /: this is not an election record$/);
});

describe("what a reader types", () => {
  const digits = "0123456789abcdef".repeat(4);

  test("a tracker is understood in groups, in capitals, with 0x or without", () => {
    const groups = (digits.match(/.{4}/g) ?? []).join(" ");
    for (const each of [digits, `0x${digits}`, ` 0x${groups}\n`, groups.replaceAll(" ", "-")]) {
      assert.equal(trackerIn(each)?.length, 32, each);
      assert.equal(trackerIn(each.toUpperCase().replace("0X", "0x"))?.length, 32, each);
    }
    for (const each of ["", "0x", digits.slice(1), `${digits}0`, `g${digits.slice(1)}`]) {
      assert.equal(trackerIn(each), null, each);
    }
  });

  test("a poll is a link or an address, and everything else is told at its field", () => {
    const address = checked(`0x${"11".repeat(20)}`) as string;
    const link = `veche:${address}@7#0x${digits}`;
    const typed = {
      poll: link,
      urls: "https://a.example\nhttp://b.example",
      told: "",
      catalogue: "",
    };
    const file = {} as File;
    const told = sourceOf(typed, null);
    assert.ok("file" in told && told.chainId === 7n && told.told && told.urls.length === 2);
    const other = sourceOf({ ...typed, told: `0x${"22".repeat(32)}` }, null);
    assert.ok("file" in other && other.told?.[0] === 0x22);
    const unknown = sourceOf({ ...typed, poll: address }, null);
    assert.ok("file" in unknown && unknown.told === null && unknown.chainId === null);
    const alone = sourceOf({ ...typed, poll: "", urls: "" }, file);
    assert.ok("file" in alone && alone.poll === null);
    for (const [field, text] of [
      ["poll", ""],
      ["poll", "trees"],
      ["poll", link.slice(0, -1)],
      ["urls", ""],
      ["urls", "localhost"],
      ["urls", "javascript:alert(1)"],
      ["urls", "https://a.example ftp://b.example"],
      ["told", "0x1234"],
      ["told", digits],
      ["catalogue", "0x1234"],
      ["catalogue", digits],
    ] as const) {
      const found = sourceOf({ ...typed, [field]: text }, null);
      assert.deepEqual(Object.keys(found), [field], `${field}: ${text}`);
    }
    assert.deepEqual(Object.keys(sourceOf({ ...typed, poll: "trees" }, file)), ["poll"]);
  });
});

describe("where an observation stands", () => {
  const look = (verdict: Look["verdict"]) =>
    ({
      kind: "look",
      verdict,
      checks: [],
      isLast: false,
      isReorganised: false,
    }) as unknown as Look & {
      kind: "look";
    };

  test("an alarm is for a poll that was in order before", () => {
    const before = begun("a", "b");
    assert.equal(isAlarm(before), false);
    assert.equal(isAlarm(after(before, look("fail"))), false);
    const good = after(before, look("pending"));
    assert.equal(isAlarm(good), false);
    const bad = after(good, look("fail"));
    assert.equal(isAlarm(bad), true);
    assert.equal(isAlarm(after(bad, look("fail"))), true);
  });

  test("where there is no verdict, no check has one", () => {
    const check = { name: "sums", verdict: "fail", detail: "" } as const;
    const half = after(begun("a", "b"), { kind: "check", check });
    assert.equal(half.checks.length, 1);
    const lost = after(half, { kind: "failed", name: "LogsMissing", message: "" });
    assert.deepEqual([lost.checks, lost.look], [[], null]);
  });

  test("who made the blocks is counted, the busiest first", () => {
    const maker = (byte: string) => checked(`0x${byte.repeat(20)}`) as string;
    const blocks = ["11", "22", "22", "11", "22"].map((byte, at) => ({
      ...MARK,
      number: BigInt(at),
      maker: maker(byte),
    }));
    const found = makersOf(blocks).map((each) => [each.address, each.count, each.last.number]);
    assert.deepEqual(found, [
      [maker("22"), 3, 4n],
      [maker("11"), 2, 3n],
    ]);
  });
});
