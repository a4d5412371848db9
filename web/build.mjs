/**
 * Writes the page, one file with everything in it: node web/build.mjs FILE. Catalogues of more
 * languages, which only tests have, may follow.
 */

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { bundled } from "./bundle.mjs";

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const minified = { minify: true, define: { "process.env.NODE_ENV": '"production"' } };
const [to, ...more] = process.argv.slice(2);
const options = { ...minified, format: "iife" };
const script = (await bundled("src/page/index.tsx", options, more)).trim();
const style = (await bundled("src/page/page.css", minified)).trim();

// connect-src: nodes and relays are named by the reader, anywhere
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "worker-src blob:",
  "connect-src http: https:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Veche</title>
<style>${style}</style>
<body>
<noscript><p>This page computes on your own device. Please allow JavaScript, and load it again.</p></noscript>
<div id="page"><p class="old">This browser is too old for this page. Please open it in a newer one.</p></div>
<script>${script}</script>
`;

await mkdir(dirname(to), { recursive: true });
await writeFile(to, page);
