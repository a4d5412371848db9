/** Bundles TypeScript with esbuild, the published code of the contracts included. */

import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { keccak_256 } from "@noble/hashes/sha3.js";
import * as esbuild from "esbuild";

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
  return { contracts, catalogueCode: bytes(found[0].bytecode).toString("base64") };
}

const plugin = {
  name: "published",
  setup(build) {
    build.onResolve({ filter: /^veche:published$/ }, ({ path }) => ({ path, namespace: "veche" }));
    build.onLoad({ filter: /.*/, namespace: "veche" }, async () => {
      const lines = Object.entries(await published());
      const contents = lines.map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
      );
      return { contents: contents.join("\n"), loader: "js" };
    });
  },
};

/** The code of a file with all that it imports, as one text. */
export async function bundled(entry, options = {}) {
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
    plugins: [plugin],
    ...options,
  });
  return outputFiles[0].text;
}
