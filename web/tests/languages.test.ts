import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as errors from "../src/errors";
import { WalletError } from "../src/errors/device";
import { type Entry, LANGUAGES, languageFor } from "../src/ui/catalogues";
import { Words } from "../src/ui/words";

const FOLDER = "web/src/languages/";
/** Every form that a whole number takes in one of the languages is taken by one of these. */
const COUNTS = Array.from({ length: 1000 }, (_, at) => at);

type Catalogue = { readonly [key: string]: Entry };

const catalogueOf = (language: string): Catalogue =>
  JSON.parse(readFileSync(`${FOLDER}${language}.json`, "utf8"));
const english = catalogueOf("en");
const textsOf = (entry: Entry): string[] =>
  typeof entry === "string" ? [entry] : Object.values(entry);
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string))].sort();

function sourceFiles(): string[] {
  const all = readdirSync("web/src", { recursive: true, encoding: "utf8" });
  return all.filter((each) => /\.tsx?$/.test(each)).map((each) => join("web/src", each));
}

test("the catalogues are those of the languages that can be chosen", () => {
  const files = readdirSync(FOLDER).map((each) => each.replace(".json", ""));
  assert.deepEqual(files.sort(), [...LANGUAGES].sort());
});

for (const language of LANGUAGES) {
  describe(`the catalogue ${language}`, () => {
    const catalogue = catalogueOf(language);

    test("has every key, in the order of the English one, and no other", () => {
      assert.deepEqual(Object.keys(catalogue), Object.keys(english));
    });

    test("has the placeholders of the English texts", () => {
      for (const [key, entry] of Object.entries(catalogue)) {
        const own = textsOf(entry).flatMap(placeholders);
        const expected = textsOf(english[key] ?? "").flatMap(placeholders);
        assert.deepEqual([...new Set(own)].sort(), [...new Set(expected)].sort(), key);
      }
    });

    test("has the plural forms of its language, and no text is empty or untidy", () => {
      const rules = new Intl.PluralRules(language);
      const forms = [...new Set(COUNTS.map((count) => rules.select(count)))].sort();
      for (const [key, entry] of Object.entries(catalogue)) {
        if (typeof entry !== "string") assert.deepEqual(Object.keys(entry).sort(), forms, key);
        for (const text of textsOf(entry)) {
          assert.match(text, /^\S(.*\S)?$/s, key);
          assert.doesNotMatch(text, / {2}|[<>&]|\t/, key);
        }
      }
    });
  });
}

test("no catalogue has a key that nobody uses", () => {
  const sources = sourceFiles().map((each) => readFileSync(each, "utf8"));
  const text = sources.join("\n");
  const begun = [...text.matchAll(/`([a-z]\w*\.[\w.]*)\$\{/g)].map(([, begin]) => begin as string);
  for (const key of Object.keys(english)) {
    const used = text.includes(`"${key}"`) || begun.some((each) => key.startsWith(each));
    assert.ok(used, key);
  }
});

test("every check has its name and its words", () => {
  const text = sourceFiles()
    .filter((each) => /src\/(trust|observer)\//.test(each))
    .map((each) => readFileSync(each, "utf8"))
    .join("\n");
  const names = [...text.matchAll(/^export const [A-Z_]+ = "([a-z' ]+)";$/gm)];
  assert.ok(names.length > 20);
  for (const [, name] of names) {
    assert.ok(english[`check.${name}`], `check.${name}`);
    assert.ok(english[`check.words.${name}`], `check.words.${name}`);
  }
});

/** Errors that are met beside those of nodes, wallets and relays. */
const MET = [
  "AuditFailed",
  "BallotExpired",
  "BallotSpent",
  "ChecksFailed",
  "InsecurePage",
  "InvalidCode",
  "InvalidContent",
  "InvalidDocument",
  "InvalidKeystore",
  "UnknownContract",
  "WrongNetwork",
  "WrongPassword",
];

test("every error that a reader meets has its words", () => {
  const roots = [errors.NodeError, WalletError, errors.RelayError];
  const met = Object.entries(errors)
    .filter(([, each]) => roots.some((root) => Object.getPrototypeOf(each) === root))
    .map(([name]) => name)
    .filter((name) => name !== "RelayRefusal"); // its name is that of what the relay tells of
  assert.ok(met.length > 10);
  for (const name of [...met, ...MET]) assert.ok(english[`error.${name}`], `error.${name}`);
});

describe("words", () => {
  const russian = new Words("ru");

  test("take the plural form of the number in the reader's language", () => {
    const said = (count: number): string => russian.say("booth.roll.weight", { count });
    assert.deepEqual(
      [1, 2, 5, 21].map((count) => said(count).replace(/^.* (\d+ .*)$/, "$1")),
      ["1 раз.", "2 раза.", "5 раз.", "21 раз."],
    );
  });

  test("write numbers, shares and dates as the language does", () => {
    assert.equal(russian.number(1234567n), "1\u00a0234\u00a0567");
    assert.equal(new Words("de").percent(1n, 8n), "12,5\u00a0%");
    assert.equal(new Words("en").percent(37n, 100n), "37.0%");
    assert.equal(new Words("en").percent(1, 16), "6.3%");
    assert.equal(new Words("en").percent(0, 0), "0.0%");
    assert.match(new Words("fr").utc(1_800_000_000n), /^vendredi 15 janvier 2027.*08:00.*UTC$/);
  });

  test("show a time that no calendar has as it is", () => {
    assert.equal(new Words("en").date(2n ** 63n), "9223372036854775808 s");
  });

  test("keep what is no placeholder of theirs, and never fill a placeholder twice", () => {
    assert.equal(new Words("en").say("qr.name", { what: "{what}" }), "QR code of {what}");
    assert.equal(new Words("en").say("qr.name"), "QR code of {what}");
  });

  test("tell an error by its name, and an unknown one with what the program says", () => {
    const words = new Words("de");
    const told = words.told(new errors.WrongNetwork("no"));
    assert.match(told.text, /^Der Knoten gehört zu einem anderen Netz/);
    assert.equal(told.detail, "no");
    assert.equal(words.told(new RangeError("odd")).text, words.say("error.unknown"));
    assert.equal(words.told("odd").detail, "odd");
  });

  test("a name that an object has anyway is no key", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.equal(new Words("en").maybe(name), null);
      assert.equal(languageFor([name]), null);
    }
  });
});

test("the first language that the page has is taken", () => {
  const found = (...tags: string[]): string | null => languageFor(tags);
  assert.equal(found("sv-SE", "de-AT", "en"), "de");
  assert.equal(found("RU"), "ru");
  assert.equal(found("sv"), null);
  assert.equal(found(), null);
});
