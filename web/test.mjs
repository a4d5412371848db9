/** Bundles the tests for Node and for a browser into a folder: node web/test.mjs FOLDER. */

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { bundled, here } from "./bundle.mjs";

const [to] = process.argv.slice(2);
await mkdir(to, { recursive: true });

async function forNode(name) {
  const options = { platform: "node", packages: "external", sourcemap: "inline" };
  const code = await bundled(`tests/${name}.ts`, options);
  await writeFile(`${to}/${name}.mjs`, code);
}

const names = (await readdir(`${here}tests`)).filter((each) => each.endsWith(".test.ts"));
for (const name of [...names.map((each) => basename(each, ".ts")), "told", "pictures"])
  await forNode(name);
await writeFile(`${to}/in_browser.js`, await bundled("tests/in_browser.ts", { format: "iife" }));
