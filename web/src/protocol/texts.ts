/** Texts that stand on chain as JSON documents, and are shown to people. */

import { InvalidContent, InvalidDocument, known } from "../errors";
import { isReadable, quoted } from "./characters";
import { type Json, type JsonObject, parse } from "./json";

/** Maximum characters of a stranger's text that a message repeats. */
const QUOTED = 60;

/** The object in a document that stands on chain. `what` says what it should be. */
export function documentOf(content: string, what: string): JsonObject {
  try {
    const found = parse(content);
    if (found instanceof Map) return found;
  } catch (error) {
    if (!(known(error) instanceof InvalidDocument)) throw error;
  }
  throw new InvalidContent(what);
}

/** A text in a document from outside. */
export function readable(value: Json | undefined, lines = false): string {
  if (typeof value === "string" && isReadable(value, lines)) return value;
  throw new InvalidContent(`the texts have ${said(value)} in place of a text`);
}

/** A text that is not empty. */
export function name(value: Json | undefined): string {
  const found = readable(value);
  if (found.trim()) return found;
  throw new InvalidContent(`the texts have ${quoted(found)} in place of a name`);
}

export function listed(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  throw new InvalidContent(`the texts have ${said(value)} in place of a list`);
}

/** A stranger's value as a message can repeat it. */
function said(value: Json | undefined): string {
  if (typeof value !== "string") return "another kind of value";
  return quoted(value.slice(0, QUOTED)) + (value.length > QUOTED ? "…" : "");
}

export function requireDistinct(names: readonly string[], what: string): void {
  if (new Set(names).size !== names.length) {
    throw new InvalidContent(`two ${what} have the same text`);
  }
}
