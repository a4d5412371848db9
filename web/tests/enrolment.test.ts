import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import { randomSecret } from "../src/crypto/sigma";
import {
  bind,
  bindingDigest,
  bindingFromPlain,
  bindingTerms,
  bindingToPlain,
  requireBound,
} from "../src/enrolment/binding";
import { Code } from "../src/enrolment/codes";
import { InvalidCode, InvalidDocument, NotSignedBy } from "../src/errors";
import { write } from "../src/protocol/json";
import { Form } from "../src/protocol/plain";
import { accountOf, sign } from "../src/protocol/signature";

const VECTORS = JSON.parse(readFileSync("tests/vectors/enrolment.json", "utf8"));
const BINDING = VECTORS.bindings[0].binding;
const TYPED = "2345-6789-ABCD-EFGH-JKMN-P93Z";
const WIDE = "\u{1f5f3}";

const bindingIn = (text: string) => bindingFromPlain(Form.parse(text, "binding"));

test("a binding that is made here is accepted here, as a document too", () => {
  const [code, voter] = [randomSecret(), randomSecret()];
  const terms = bindingTerms("oak-street-2027", code, accountOf(voter), 3n);
  const made = bind(terms, code, sign(voter, bindingDigest(terms)));
  requireBound(made);
  const read = bindingIn(write(bindingToPlain(made)));
  requireBound(read);
  assert.deepEqual(read, made);
  assert.throws(() => requireBound({ ...made, sequence: 4n }), NotSignedBy);
});

test("a binding with a wrong field is refused", () => {
  const wrong: [string, unknown][] = [
    ["enrolment", ""],
    ["enrolment", "Oak"],
    ["enrolment", "../oak"],
    ["enrolment", "-oak"],
    ["enrolment", "oak\n"],
    ["enrolment", "a".repeat(32)],
    ["sequence", 0],
    ["sequence", 101],
    ["sequence", -1],
    ["sequence", "1"],
    ["sequence", true],
    ["code", "0x11"],
    ["voter", BINDING.voter.replace("6D", "6d")],
    ["codeSignature", `${BINDING.codeSignature}02`],
    ["voterSignature", "0x"],
  ];
  for (const [name, value] of wrong) {
    const text = JSON.stringify({ ...BINDING, [name]: value });
    assert.throws(() => bindingIn(text), InvalidDocument, `${name}: ${value}`);
  }
});

test("a code is in no text of it, and in no message", () => {
  const code = Code.parse(TYPED);
  for (const text of [String(code), JSON.stringify({ code }), inspect(code)]) {
    assert.doesNotMatch(text, /2345|P93Z/);
  }
  for (const typed of [`3${TYPED.slice(1)}`, TYPED.slice(0, -1), `${TYPED}!`, `0${TYPED}`]) {
    assert.throws(
      () => Code.parse(typed),
      (error) => error instanceof InvalidCode && !/345|ABCD|P93/.test(error.message),
    );
  }
});

test("every mistake in one character is found in its group", () => {
  for (let place = 0; place < TYPED.length; place++) {
    if (TYPED[place] === "-") continue;
    for (const other of "2Z") {
      if (TYPED[place] === other) continue;
      const typed = TYPED.slice(0, place) + other + TYPED.slice(place + 1);
      const message = `a character is wrong in group ${Math.floor(place / 5) + 1}`;
      assert.throws(() => Code.parse(typed), { name: "InvalidCode", message });
    }
  }
});

test("a quotation mark ends no quotation", () => {
  const message = 'group 1 has "\'": codes have letters and digits alone';
  assert.throws(() => Code.parse("'' is right"), { name: "InvalidCode", message });
});

test("letters that only look alike, or become letters as capitals, are refused", () => {
  for (const other of ["\u017f", "\u212a", "\uff21", "\u0131", WIDE, "\ud83d"]) {
    const typed = `${other}${TYPED.slice(1)}`;
    assert.throws(() => Code.parse(typed), InvalidCode);
  }
});
