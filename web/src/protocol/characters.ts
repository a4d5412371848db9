/** Characters that people see, and that steer no screen (PROTOCOL §3). */

import { joiningType } from "./joining_types";

const SPACES = " \u00a0\u202f\u3000";
const NON_JOINER = "\u200c";
const JOINER = "\u200d";
const PRINTABLE = /^[^\p{C}\p{Z}]$/u;
/** Emoji are more than these; the category is what all implementations know. */
const PICTURE = /^\p{So}$/u;
const VIRAMAS = new Set(
  Array.from(
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84" +
      "\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c" +
      "\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{11070}\u{1107f}\u{110b9}\u{11133}" +
      "\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}" +
      "\u{1172b}\u{11839}\u{1193d}\u{1193e}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}\u{11d44}" +
      "\u{11d45}\u{11d97}\u{11f41}\u{11f42}",
  ),
);
const VARIANTS = /[\ufe0f\u{1f3fb}-\u{1f3ff}]/u;
const ARROW = "\u2194";
/** Number of characters to either side of a joiner that are looked at: no word is longer. */
const REACH = 100;

/** Whether all of a text, which may have several lines, can be shown as it is. */
export function isReadable(text: string, lines = false): boolean {
  const characters = Array.from(text);
  return characters.every(
    (each, at) =>
      PRINTABLE.test(each) ||
      SPACES.includes(each) ||
      (lines && each === "\n") ||
      ((each === NON_JOINER || each === JOINER) && joins(characters, at)),
  );
}

/** The number of a text's characters, which JavaScript counts twice beyond U+FFFF. */
export function lengthOf(text: string): number {
  let found = 0;
  for (const _ of text) found++;
  return found;
}

/** A text in quotes, as a message can repeat it: what cannot be shown is written as its code. */
export function quoted(text: string): string {
  if (isReadable(text) && !/['\\]/.test(text)) return `'${text}'`;
  return JSON.stringify(text).replace(/[^ -~]/g, escaped);
}

const escaped = (each: string): string => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`;

// -- Joiners: they are not seen, but the letters beside them are --

function joins(characters: readonly string[], at: number): boolean {
  const before = characters.slice(Math.max(at - REACH, 0), at);
  const after = characters.slice(at + 1, at + 1 + REACH);
  if (isByRfc5892(before, characters[at] as string, after)) return true;
  if (characters[at] !== JOINER) return false;
  // a letter keeps its own shape before a virama, as in Bengali র‍্যাব
  if (before.length && after[0] !== undefined && VIRAMAS.has(after[0])) return true;
  return joinsPictures(before, after);
}

/** After a virama, or U+200C between letters that join (RFC 5892, A.1 and A.2). */
function isByRfc5892(before: readonly string[], joiner: string, after: readonly string[]): boolean {
  const last = before.at(-1);
  if (last !== undefined && VIRAMAS.has(last)) return true;
  if (joiner !== NON_JOINER) return false;
  const left = before.map(joiningType).findLast((each) => each !== "T");
  const right = after.map(joiningType).find((each) => each !== "T");
  return (left === "L" || left === "D") && (right === "R" || right === "D");
}

/** Whether a joiner makes one emoji of two. */
function joinsPictures(before: readonly string[], after: readonly string[]): boolean {
  const first = before.findLast((each) => !VARIANTS.test(each));
  const second = after[0];
  if (first === undefined || second === undefined || !PICTURE.test(first)) return false;
  return PICTURE.test(second) || second === ARROW;
}
