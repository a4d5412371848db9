import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

const SOURCE = "web/src";
const BELOW = ["bytes.ts", "errors", "crypto", "protocol", "trust", "chain"];

/** Every folder and module, and what it may import beside itself. */
const PICTURE: Record<string, readonly string[]> = {
  "bytes.ts": [],
  errors: [],
  crypto: ["bytes.ts", "errors"],
  protocol: ["bytes.ts", "errors", "crypto"],
  trust: ["bytes.ts", "errors", "crypto", "protocol"],
  chain: ["bytes.ts", "errors", "crypto", "protocol", "trust"],
  enrolment: BELOW,
  keys: [...BELOW, "enrolment"],
  observer: BELOW,
  languages: [],
  ui: ["bytes.ts", "errors", "languages"],
  booth: [...BELOW, "enrolment", "keys", "observer", "ui"],
  dashboard: [...BELOW, "observer", "ui"],
  page: [...BELOW, "ui", "booth", "dashboard"],
};

const SCREENS = ["ui", "booth", "dashboard", "page"];

/** Who may use what is no part of the page. */
const LIBRARIES: Record<string, readonly string[]> = {
  "@noble/hashes/hmac.js": ["crypto"],
  "@noble/hashes/scrypt.js": ["enrolment", "keys"],
  "@noble/hashes/sha2.js": ["crypto", "observer"],
  "@noble/hashes/sha3.js": ["crypto"],
  "veche:published": ["trust"],
  "veche:languages": ["ui"],
  "lean-qr/nano": ["ui"],
  preact: SCREENS,
  "preact/hooks": SCREENS,
};

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((each) =>
  /\.tsx?$/.test(each),
);
const layer = (path: string): string => path.split("/")[0] as string;

function imported(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  return [...text.matchAll(/\bfrom "([^"]+)"/g)].map(([, name]) => name as string);
}

/** The module of the page that an import names. */
function resolved(file: string, name: string): string {
  const path = normalize(join(dirname(file), name));
  const found = [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`, `${path}/index.tsx`].find(
    (each) => files.includes(each),
  );
  assert.ok(found, `${file} imports ${name}`);
  return found;
}

test("the picture names all that is there", () => {
  assert.deepEqual(Object.keys(PICTURE).sort(), readdirSync(SOURCE).sort());
});

test("imports point one way", () => {
  for (const file of files) {
    const own = layer(file);
    for (const name of imported(file)) {
      if (name.startsWith(".")) {
        const other = layer(resolved(file, name));
        assert.ok(other === own || PICTURE[own]?.includes(other), `${file} imports ${name}`);
      } else {
        assert.ok(LIBRARIES[name]?.includes(own), `${file} imports ${name}`);
      }
    }
  }
});

test("modules import each other one way", () => {
  for (const file of files) {
    const seen = new Set<string>();
    const begun = [file];
    for (let next = begun.pop(); next; next = begun.pop()) {
      for (const name of imported(next).filter((each) => each.startsWith("."))) {
        const other = resolved(next, name);
        assert.notEqual(other, file, `${file} imports itself by ${next}`);
        if (!seen.has(other)) begun.push(other);
        seen.add(other);
      }
    }
  }
});

const TESTS = "web/tests";

/** The names that a file takes from modules of the page, as "module: name". */
function taken(folder: string, file: string): string[] {
  const text = readFileSync(join(folder, file), "utf8");
  const found = text.matchAll(/(?:\{([^{}]*)\}|\* as (\w+)) from "(\.[^"]+)"/g);
  return [...found].flatMap(([, listed, space, name]) => {
    const path = join(folder, dirname(file), name as string);
    if (!path.startsWith(SOURCE)) return [];
    const module = resolved("", path.slice(SOURCE.length + 1));
    const names = listed
      ? listed.split(",").map((each) =>
          each
            .trim()
            .replace(/^type /, "")
            .replace(/ as .*$/, ""),
        )
      : [...text.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, "g"))].map(([, each]) => each);
    return names.map((each) => `${module}: ${each}`);
  });
}

const EXPORT =
  /^export (?:(?:abstract |async )?(?:const|function\*?|class|interface|type) (\w+)(?: = "(.*)";)?|\{([^}]*)\})/gm;

/** The names that a module exports, but for those of checks, which are public. */
function exported(text: string): string[] {
  const english = readFileSync("web/src/languages/en.json", "utf8");
  return [...text.matchAll(EXPORT)].flatMap(([, name, value, listed]) => {
    if (!name) return listed?.match(/\w+(?=,|\s*$)/g) ?? [];
    return value && english.includes(`"check.${value}"`) ? [] : [name];
  });
}

/** How often a name stands in a module, outside of its comments. */
const count = (text: string, name: string): number =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").split(new RegExp(`\\b${name}\\b`)).length - 1;

test("every export is imported, and what tests alone import is of use in its module", () => {
  const own = new Set(files.flatMap((each) => taken(SOURCE, each)));
  const tests = new Set(readdirSync(TESTS).flatMap((each) => taken(TESTS, each)));
  for (const file of files) {
    const text = readFileSync(join(SOURCE, file), "utf8");
    for (const name of exported(text)) {
      const entry = `${file}: ${name}`;
      assert.ok(own.has(entry) || (tests.has(entry) && count(text, name) > 1), entry);
    }
  }
});

test("every class has a rule, and every rule of a class is of use", () => {
  const style = readFileSync(join(SOURCE, "page/page.css"), "utf8").replace(
    /\/\*[\s\S]*?\*\//g,
    "",
  );
  const text = [...files, "../build.mjs"].map((each) => readFileSync(join(SOURCE, each), "utf8"));
  const used = [...text.join("\n").matchAll(/class="([^"]+)"/g)].flatMap(([, each]) =>
    (each as string).split(" "),
  );
  const ruled = [...style.matchAll(/\.([a-z][\w-]*)/g)].map(([, each]) => each as string);
  assert.deepEqual([...new Set(used)].sort(), [...new Set(ruled)].sort());
});

test("nodes are asked by the chain alone, and what is stored goes one way", () => {
  for (const file of files) {
    const text = readFileSync(join(SOURCE, file), "utf8");
    assert.ok(
      layer(file) === "chain" || !/\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon/.test(text),
    );
    assert.ok(file === "ui/storage.ts" || !/localStorage|sessionStorage/.test(text), file);
    assert.doesNotMatch(text, /indexedDB|document\.cookie|innerHTML/i);
    assert.doesNotMatch(text, /dangerouslySetInnerHTML|\beval\(|new Function/);
    assert.doesNotMatch(text, /Math\.random|console\./);
  }
});
