import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as errors from "../src/errors";

const FOLDER = "web/src/errors/";

test("every error has a section in docs/errors.md", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const text = readdirSync(FOLDER)
    .map((each) => readFileSync(FOLDER + each, "utf8"))
    .join("\n");
  const names = [...text.matchAll(/override readonly name(?:: string)? = "(\w+)"/g)].map(
    ([, name]) => name,
  );
  assert.ok(names.length > 50);
  for (const name of names) {
    assert.ok(name && name in errors);
    assert.match(page, new RegExp(`^### ${name}$`, "m"), `docs/errors.md does not know ${name}`);
  }
});

test("nothing but errors of Veche is thrown", () => {
  const own = Object.values(errors).filter((each) => typeof each === "function" && each.prototype);
  for (const each of own) {
    if (each.prototype instanceof Error)
      assert.ok(each.prototype instanceof errors.VecheError || each === errors.VecheError);
  }
});
