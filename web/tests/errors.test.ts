import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as errors from "../src/errors";

test("every error has a name of docs/errors.md", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const text = readFileSync("web/src/errors/index.ts", "utf8");
  const names = [...text.matchAll(/override readonly name(?:: string)? = "(\w+)"/g)].map(
    ([, name]) => name,
  );
  assert.ok(names.length > 30);
  for (const name of names) {
    assert.ok(name && name in errors);
    assert.match(page, new RegExp(`\\b${name}\\b`), `docs/errors.md does not know ${name}`);
  }
});

test("nothing but errors of Veche is thrown", () => {
  const own = Object.values(errors).filter((each) => typeof each === "function" && each.prototype);
  for (const each of own) {
    if (each.prototype instanceof Error)
      assert.ok(each.prototype instanceof errors.VecheError || each === errors.VecheError);
  }
});
