import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { NAMES, testsOf } from "./vectors";

const FOLDER = "tests/vectors/";
const files = readdirSync(FOLDER).filter((each) => each.endsWith(".json"));
const names = files.map((each) => each.replace(".json", "")).sort();

test("every vector file is read", () => {
  assert.deepEqual(NAMES, names);
});

for (const name of names) {
  describe(name, () => {
    for (const [title, run] of testsOf(name, readFileSync(`${FOLDER}${name}.json`, "utf8"))) {
      test(title, run);
    }
  });
}
