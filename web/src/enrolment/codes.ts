/**
 * Codes: what a letter has, and the key that is made of it (docs/enrolment.md §1, §2). A code is a
 * word of a Reed–Solomon code over the integers mod 31, and 31 is the number of letters and digits
 * that nobody takes for others. Words differ in four characters at least.
 */

import { scrypt } from "@noble/hashes/scrypt.js";
import { type Bytes, numberOf, utf8 } from "../bytes";
import { N, Secret } from "../crypto/group";
import { InvalidCode } from "../errors";
import { quoted } from "../protocol/characters";

/** The characters of codes, which stand for 0 to 30. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const PRIME = ALPHABET.length;
/** Number of characters: 21 of chance, which are 104 bits, and 3 that check them. */
const LENGTH = 24;
/** Number of characters of a group; dashes stand between groups. */
const GROUP = 4;

/** 4 MiB of memory, some hundredths of a second; as many bytes that no key is likelier than another. */
const SCRYPT = { N: 2 ** 12, r: 8, p: 1, dkLen: 48 };
/** What the salt begins with; the enrolment's id follows. */
const SALT = "veche/v2/code/";

/** Where the polynomial of a code is zero. */
const ZEROS = [1, 3, 9];
/** What may stand between characters: blanks, dashes, and what programs write for them. */
const IGNORED = /[\t-\r \u00a0\u00ad\u2000-\u2015\u202f\u2060\u2212\u3000\ufeff-]+/g;

/** The code of a letter. It is a secret: no text of it shows the characters. */
export class Code {
  readonly #characters: string;

  private constructor(characters: string) {
    this.#characters = characters;
  }

  /**
   * The code that somebody has typed. Capitals, blanks and dashes make no difference. If it is none,
   * the message says which group is wrong, if that can be known.
   */
  static parse(text: string): Code {
    const values = Array.from(text.replace(IGNORED, ""), (each) => numberFor(text, each));
    if (values.length !== LENGTH) throw wrongLength(text, values.length);
    if (!isWord(values)) throw mistyped(values);
    return new Code(values.map((each) => ALPHABET.charAt(each)).join(""));
  }

  /** The key that this code stands for in an enrolment. It is slow on purpose. */
  key(enrolment: string): Secret {
    const derived = scrypt(utf8(this.#characters), utf8(SALT + enrolment), SCRYPT) as Bytes;
    return new Secret((numberOf(derived) % (N - 1n)) + 1n, "key of a code");
  }

  toJSON(): string {
    return "Code(hidden)";
  }

  toString(): string {
    return "Code(hidden)";
  }
}

// -- The checksum --

/** Whether the characters of a code, as numbers, agree with each other. */
const isWord = (values: readonly number[]): boolean => ZEROS.every((zero) => !at(values, zero));

/** The polynomial with these coefficients at x, mod 31. */
const at = (values: readonly number[], x: number): number =>
  values.reduce((found, each) => (found * x + each) % PRIME, 0);

// -- What is wrong --

/** What a character stands for. The message of a wrong one shows it alone, never the code. */
function numberFor(text: string, character: string): number {
  const found = character <= "\x7f" ? ALPHABET.indexOf(character.toUpperCase()) : -1;
  if (found >= 0) return found;
  const before = text.slice(0, text.indexOf(character)).replace(IGNORED, "");
  const group = groupOf(Array.from(before).length);
  const said = `group ${group} has ${quoted(character)}`;
  if ("0O1ILoil".includes(character)) {
    throw new InvalidCode(`${said}: codes have neither 0 nor O, 1, I and L`, group);
  }
  if (/^\p{L}$/u.test(character)) {
    throw new InvalidCode(`${said}, which is not a letter from A to Z`, group);
  }
  throw new InvalidCode(`${said}: codes have letters and digits alone`, group);
}

/** The number of the group that a place is in, from 1. */
const groupOf = (place: number): number => Math.floor(place / GROUP) + 1;

function wrongLength(text: string, length: number): InvalidCode {
  const said = `the code has ${length} characters, and should have ${LENGTH}`;
  const groups = text.split(IGNORED).filter((each) => each);
  const wrong = groups.filter((each) => each.length !== GROUP);
  const [only] = wrong;
  if (groups.length !== LENGTH / GROUP || wrong.length !== 1 || only === undefined) {
    return new InvalidCode(said);
  }
  const group = groups.indexOf(only) + 1;
  return new InvalidCode(`${said}: group ${group} has ${only.length} in place of ${GROUP}`, group);
}

/** What is wrong with characters that do not agree with each other. */
function mistyped(values: readonly number[]): InvalidCode {
  const changed = changedPlace(values);
  if (changed >= 0) {
    const group = groupOf(changed);
    return new InvalidCode(`a character is wrong in group ${group}`, group);
  }
  const places = values.slice(1).map((_, place) => place);
  const [only, ...others] = places.filter((place) => isWord(swapped(values, place)));
  if (only === undefined || others.length) {
    return new InvalidCode("more than one character is wrong");
  }
  const [first, second] = [groupOf(only), groupOf(only + 1)];
  const where = first === second ? `in group ${first}` : `where group ${second} begins`;
  return new InvalidCode(`two characters have changed places ${where}`, first);
}

/**
 * The place of the one character that was changed; -1 if it cannot be one alone. A change by e of the
 * coefficient of x^d changes the polynomial by e·x^d.
 */
function changedPlace(values: readonly number[]): number {
  const found = ZEROS.map((zero) => at(values, zero));
  return values.findIndex((_, place) => {
    const change = values.map((_, other) => (other === place ? (found[0] as number) : 0));
    return ZEROS.every((zero, index) => at(change, zero) === found[index]);
  });
}

function swapped(values: readonly number[], place: number): number[] {
  const [first, second] = values.slice(place, place + 2) as [number, number];
  return values.with(place, second).with(place + 1, first);
}
