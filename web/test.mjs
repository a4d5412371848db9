/** Bundles every tests/*.test.ts into build/web, for node --test. */

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { bundled, here, root } from "./bundle.mjs";

const to = `${root}build/web/`;
await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
for (const name of await readdir(`${here}tests`)) {
  if (!name.endsWith(".test.ts")) continue;
  const options = { platform: "node", packages: "external", sourcemap: "inline" };
  const code = await bundled(`tests/${name}`, options);
  await writeFile(`${to}${name.replace(/\.ts$/, ".mjs")}`, code);
}
