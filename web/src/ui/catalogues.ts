/** The languages of the page, from languages/*.json. */

import { catalogues, keys } from "veche:languages";

/** A text with {name} placeholders, or its plural forms, chosen by {count}. */
export type Entry = string | { readonly [form in Intl.LDMLPluralRule]?: string };

export type Key = keyof typeof import("../languages/en.json");

/** The tag of each language, with its own name. */
export const LANGUAGES = {
  en: "English",
  ru: "Русский",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
} as const;

export type Language = keyof typeof LANGUAGES;

const positions = new Map(keys.map((key, at) => [key, at]));

/** The entry of a key in a language, or in English; null if there is no such key. */
export function entryOf(language: Language, key: string): Entry | null {
  const at = positions.get(key);
  if (at === undefined) return null;
  return catalogues[language]?.[at] ?? catalogues["en"]?.[at] ?? null;
}

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag);

/** The first of these tags, such as "de-AT", that the page has; null if it has none of them. */
export function languageFor(tags: readonly string[]): Language | null {
  return tags.map((tag) => tag.toLowerCase().split("-")[0] ?? "").find(isLanguage) ?? null;
}
