/** The page's words in the reader's language: texts, plurals, numbers, dates and errors. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { RelayRefusal, said } from "../errors";
import { type Entry, entryOf, type Key } from "./catalogues";

export type { Key } from "./catalogues";

/** What fills the placeholders of a text. Numbers are written as the language writes them. */
export interface Values {
  readonly [name: string]: string | number | bigint;
}

/** What went wrong and what to do; and what the program says, empty if that is all there is. */
export interface Told {
  readonly text: string;
  readonly detail: string;
}

const DAY: Intl.DateTimeFormatOptions = {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
};

const PERCENT: Intl.NumberFormatOptions = {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
};

/**
 * What a relay can say of itself, in words that name it. Of all else that it says, its own words are
 * shown: it must not speak with the page's voice.
 */
const OF_RELAYS: ReadonlySet<string> = new Set([
  "RelayFull",
  "RelayStops",
  "StoreFailed",
  "TooManyRequests",
  "InsufficientFunds",
  "UnknownDocument",
  "UnknownCode",
  "UnknownEnrolment",
  "EnrolmentClosed",
  "StaleBinding",
  "AddressTaken",
]);

export class Words {
  /** The tag of the language. */
  readonly language: string;
  readonly #plurals: Intl.PluralRules;

  constructor(language: string) {
    this.language = language;
    this.#plurals = new Intl.PluralRules(language);
  }

  #entry(key: string): Entry | null {
    return entryOf(this.language, key);
  }

  /** The text of a key, with its placeholders as they stand. */
  template(key: Key, count?: number | bigint): string {
    return this.#form(this.#entry(key) ?? key, count);
  }

  /** The text of a key, with all placeholders filled. */
  say(key: Key, values: Values = {}): string {
    return this.#filled(this.#entry(key) ?? key, values);
  }

  /** The text of a key that is made of data, such as a check's name; null if there is none. */
  maybe(key: string, values: Values = {}): string | null {
    const entry = this.#entry(key);
    return entry === null ? null : this.#filled(entry, values);
  }

  #form(entry: Entry, count?: number | bigint | string): string {
    if (typeof entry === "string") return entry;
    return entry[this.#plurals.select(Number(count))] ?? entry.other ?? "";
  }

  #filled(entry: Entry, values: Values): string {
    const text = this.#form(entry, values["count"]);
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "string" ? value : this.number(value);
    });
  }

  number(value: number | bigint): string {
    return value.toLocaleString(this.language);
  }

  /** A part of a whole, with one decimal, as "12.5%" or as the language writes it. */
  percent(part: number | bigint, whole: number | bigint): string {
    const [one, all] = [BigInt(part), BigInt(whole)];
    const thousandths = all ? (2000n * one + all) / (2n * all) : 0n; // half is rounded up
    return (Number(thousandths) / 1000).toLocaleString(this.language, PERCENT);
  }

  /** Seconds since 1970 in the reader's zone, with the zone's name. */
  date(seconds: bigint): string {
    return this.#date(seconds, { ...DAY, timeZoneName: "short" });
  }

  /** Seconds since 1970 in UTC. */
  utc(seconds: bigint): string {
    return this.#date(seconds, { ...DAY, timeZoneName: "short", timeZone: "UTC" });
  }

  #date(seconds: bigint, options: Intl.DateTimeFormatOptions): string {
    const date = new Date(Number(seconds) * 1000);
    if (Number.isNaN(date.getTime())) return `${seconds} s`;
    return new Intl.DateTimeFormat(this.language, options).format(date);
  }

  /** What a reader is told of an error, by its name. Its own message is English. */
  told(error: unknown): Told {
    const { name, message } = said(error);
    if (error instanceof RelayRefusal && !OF_RELAYS.has(name)) {
      return { text: this.say("error.relaySays", { relay: error.relay }), detail: message };
    }
    return this.toldOf(name, message);
  }

  /** The same, of an error that a worker reports. */
  toldOf(name: string, message: string): Told {
    return { text: this.maybe(`error.${name}`) ?? this.say("error.unknown"), detail: message };
  }
}

export const WordsContext = createContext(new Words("en"));

/** The words of the page's language, in any component. */
export const useWords = (): Words => useContext(WordsContext);
