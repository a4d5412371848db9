/** The languages of the page, from languages/*.json. */

import { catalogues, keys } from "veche:languages";

/** A text with {name} placeholders, or its plural forms, chosen by {count}. */
export type Entry = string | { readonly [form in Intl.LDMLPluralRule]?: string };

export type Key = keyof typeof import("../languages/en.json");

/** The tags of all languages. */
export const LANGUAGES: readonly string[] = Object.keys(catalogues);

const positions = new Map(keys.map((key, at) => [key, at]));

/** The entry of a key in a language; null if there is no such key. */
export function entryOf(language: string, key: string): Entry | null {
  const at = positions.get(key);
  return at === undefined ? null : (catalogues[language]?.[at] ?? catalogues["en"]?.[at] ?? null);
}

/** The first of these tags, such as "de-AT", that the page has; null if it has none of them. */
export function languageFor(tags: readonly string[]): string | null {
  const bare = tags.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return bare.find((tag) => LANGUAGES.includes(tag)) ?? null;
}
