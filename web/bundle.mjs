/** Bundles TypeScript with esbuild, the published code of the contracts and the languages included. */

import { Buffer } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { keccak_256, keccakP } from "@noble/hashes/sha3.js";
import * as esbuild from "esbuild";

/** Bytes that keccak takes at a time. */
const RATE = 136;
const CONTRACTS = ["PollCatalogue", "Poll", "Tally", "TrusteeBoard"];

export const root = fileURLToPath(new URL("..", import.meta.url));
export const here = fileURLToPath(new URL(".", import.meta.url));

const bytes = (digits) => Buffer.from(digits.slice(2), "hex");
const hash = (data) => `0x${Buffer.from(keccak_256(data)).toString("hex")}`;

async function artifact(name) {
  const file = `${root}app/veche/trust/artifacts/${name}.json`;
  return { name, ...JSON.parse(await readFile(file, "utf8")) };
}

/** The module veche:published, from the compiled contracts; see published.d.ts. */
async function published() {
  const found = await Promise.all(CONTRACTS.map(artifact));
  const contracts = found.map(({ name, bytecode, runtime, immutables }) => ({
    name,
    creationHash: hash(bytes(bytecode)),
    codeLength: bytes(runtime).length,
    codeHash: hash(bytes(runtime)),
    immutables,
  }));
  return { contracts, catalogueCode: sponge(bytes(found[0].bytecode)) };
}

/** Code as keccak's sponge knows it: the state behind its last whole block, and what follows. */
function sponge(code) {
  const state = new Uint8Array(200);
  const whole = code.length - (code.length % RATE);
  for (let at = 0; at < whole; at++) {
    state[at % RATE] ^= code[at];
    if (at % RATE === RATE - 1) keccakP(new Uint32Array(state.buffer));
  }
  return { state: Buffer.from(state).toString("hex"), rest: code.subarray(whole).toString("hex") };
}

const CATALOGUES = `${here}src/languages/`;

/** The module veche:languages, from the catalogues; see published.d.ts. */
async function languages(more) {
  const own = (await readdir(CATALOGUES)).map((each) => CATALOGUES + each);
  const read = async (file) => JSON.parse(await readFile(file, "utf8"));
  const keys = Object.keys(await read(`${CATALOGUES}en.json`));
  const catalogues = {};
  for (const file of [...own, ...more].sort()) {
    const found = await read(file);
    catalogues[basename(file, ".json")] = keys.map((key) => found[key] ?? null);
  }
  return { keys, catalogues };
}

const MADE = { published, languages };

const plugin = (more) => ({
  name: "veche",
  setup(build) {
    build.onResolve({ filter: /^veche:/ }, ({ path }) => ({ path, namespace: "veche" }));
    build.onLoad({ filter: /.*/, namespace: "veche" }, async ({ path }) => {
      const lines = Object.entries(await MADE[path.replace("veche:", "")](more));
      const contents = lines.map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
      );
      return { contents: contents.join("\n"), loader: "js" };
    });
  },
});

/** The code of a file with all that it imports, as one text; with more catalogues, for tests. */
export async function bundled(entry, options = {}, more = []) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [here + entry],
    absWorkingDir: here,
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    plugins: [plugin(more)],
    ...options,
  });
  return outputFiles[0].text;
}
