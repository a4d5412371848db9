/**
 * Ethereum keystore files, version 3: a key that nobody can read without its password. geth, `veche`
 * and most wallets write and open the same.
 */

import {
  type Bytes,
  bytesOf,
  bytesOfNumber,
  digitsOf,
  joined,
  numberOf,
  same,
  utf8,
} from "../bytes";
import { N, Secret } from "../crypto/group";
import { keccak } from "../crypto/keccak";
import { random, randomSecret } from "../crypto/sigma";
import { InvalidDocument, InvalidKeystore, known, WrongPassword } from "../errors";
import { type Json, parse, write } from "../protocol/json";
import { accountOf } from "../protocol/signature";
import { ciphers, type Derive, derive, type Kdf, type OnProgress } from "./derivation";
import { type Signer, signerOf } from "./signer";

/** Maximum characters of a keystore that is read. */
const MOST_CHARACTERS = 2 ** 16;
/** Maximum of scrypt's (n + p) · r: a gigabyte, four times as much as wallets use. */
const MOST_MEMORY = 2n ** 23n + 2n ** 12n;
/** Maximum of scrypt's n · r · p: 16 times as much as wallets use. */
const MOST_WORK = 2n ** 25n;
/** Maximum of scrypt's p · r, which is done in one go at its begin and its end: half a megabyte. */
const MOST_BREADTH = 2n ** 12n;
/** Maximum rounds of PBKDF2: 32 times as many as wallets use. */
const MOST_ROUNDS = 2n ** 25n;
/** Bytes of the key that is made of a password: 16 of them encrypt, 16 show that it is right. */
const [LEAST_KEY, MOST_KEY] = [32n, 64n];
const MOST_SALT = 1024;
const CIPHER = "aes-128-ctr";
/** Scrypt's n of new files, as geth and eth-account have it: a quarter of a gigabyte. */
const STANDARD = 2 ** 18;

const nothing: OnProgress = () => undefined;

// -- Make --

/** A key that is locked: the file, the name to save it under, and who signs with it. */
export interface MadeKeystore {
  readonly text: string;
  readonly name: string;
  readonly signer: Signer;
}

/** Makes a new key, and locks it with a password. */
export async function makeKeystore(
  password: string,
  onProgress: OnProgress = nothing,
  deriving: Derive = derive,
): Promise<MadeKeystore> {
  const key = randomSecret();
  const signer = signerOf(key);
  const text = await lock(key, password, onProgress, deriving);
  return { text, name: `veche-key-${signer.account}.json`, signer };
}

/** The keystore of a key, as a JSON text. */
export async function lock(
  key: Secret,
  password: string,
  onProgress: OnProgress = nothing,
  deriving: Derive = derive,
): Promise<string> {
  const [salt, iv] = [random(32), random(16)];
  const kdf: Kdf = { kind: "scrypt", salt, length: Number(LEAST_KEY), n: STANDARD, r: 8, p: 1 };
  const derived = await deriving(kdf, utf8(password), onProgress);
  const ciphertext = await crypt(derived, iv, bytesOfNumber(key.reveal()));
  return write({
    address: accountOf(key).slice(2).toLowerCase(),
    crypto: {
      cipher: CIPHER,
      cipherparams: { iv: digitsOf(iv) },
      ciphertext: digitsOf(ciphertext),
      kdf: kdf.kind,
      kdfparams: { dklen: kdf.length, n: kdf.n, p: kdf.p, r: kdf.r, salt: digitsOf(salt) },
      mac: digitsOf(macOf(derived, ciphertext)),
    },
    id: crypto.randomUUID(),
    version: 3,
  });
}

// -- Open --

/** Who signs with the key in a keystore. */
export const openKeystore = async (
  text: string,
  password: string,
  onProgress: OnProgress = nothing,
  deriving: Derive = derive,
): Promise<Signer> => signerOf(await unlock(text, password, onProgress, deriving));

/** The key in a keystore. */
export async function unlock(
  text: string,
  password: string,
  onProgress: OnProgress = nothing,
  deriving: Derive = derive,
): Promise<Secret> {
  const locked = lockedIn(fieldsOf(text));
  for (const form of formsOf(password)) {
    const derived = await deriving(locked.kdf, utf8(form), onProgress);
    if (!same(macOf(derived, locked.ciphertext), locked.mac)) continue;
    const value = numberOf(await crypt(derived, locked.iv, locked.ciphertext));
    if (value > 0n && value < N) return new Secret(value, "key");
    throw refusal("its key is none of Ethereum's");
  }
  throw new WrongPassword();
}

/**
 * What a password may be to the program that made the keystore, for letters that have several forms:
 * as it was typed, as ethers makes it (NFKC), and as some keyboards do (NFD).
 */
const formsOf = (password: string): Set<string> =>
  new Set([password, password.normalize("NFKC"), password.normalize("NFD")]);

// -- Cipher --

/** AES-128 in counter mode, which encrypts and decrypts alike. */
async function crypt(derived: Bytes, iv: Bytes, data: Bytes): Promise<Bytes> {
  const key = await ciphers().importKey("raw", derived.slice(0, 16), "AES-CTR", false, ["encrypt"]);
  const how = { name: "AES-CTR", counter: iv, length: 128 };
  return new Uint8Array(await ciphers().encrypt(how, key, data));
}

const macOf = (derived: Bytes, ciphertext: Bytes): Bytes =>
  keccak(joined([derived.slice(16, 32), ciphertext]));

// -- What is in a file --

interface Locked {
  readonly kdf: Kdf;
  readonly iv: Bytes;
  readonly ciphertext: Bytes;
  readonly mac: Bytes;
}

/** Fields by their names in lower case: some wallets write `Crypto`. */
type Fields = ReadonlyMap<string, Json>;

const refusal = (reason: string): InvalidKeystore =>
  new InvalidKeystore(`this is no key file that can be opened: ${reason}`);

function fieldsOf(text: string): Fields {
  if (text.length > MOST_CHARACTERS) throw refusal("it is too long");
  try {
    return lowered(parse(text.replace(/^\ufeff/, "")), "the file");
  } catch (error) {
    if (known(error) instanceof InvalidDocument) throw refusal("it is no JSON document");
    throw error;
  }
}

function lowered(value: Json | undefined, what: string): Fields {
  if (!(value instanceof Map)) throw refusal(`${what} is no object`);
  const found = new Map([...value].map(([name, each]) => [name.toLowerCase(), each]));
  if (found.size === value.size) return found;
  throw refusal(`${what} has a name twice`);
}

function lockedIn(file: Fields): Locked {
  if (file.get("version") !== 3n) throw refusal("its version is not 3");
  const crypto = lowered(file.get("crypto"), "crypto");
  if (crypto.get("cipher") !== CIPHER) throw refusal(`its cipher is not ${CIPHER}`);
  const iv = bytesIn(lowered(crypto.get("cipherparams"), "cipherparams"), "iv", 16);
  const ciphertext = bytesIn(crypto, "ciphertext", 32);
  if (ciphertext.length !== 32) throw refusal("its key has not 32 bytes");
  return {
    kdf: kdfIn(crypto),
    iv: joined([new Uint8Array(16 - iv.length), iv]), // some programs drop zeros at its beginning
    ciphertext,
    mac: bytesIn(crypto, "mac", 32),
  };
}

/** How the file wants its password used. What would take memory or time without end is refused. */
function kdfIn(crypto: Fields): Kdf {
  const params = lowered(crypto.get("kdfparams"), "kdfparams");
  const number = (name: string): bigint => numberIn(params, name);
  const length = number("dklen");
  if (length < LEAST_KEY || length > MOST_KEY) throw refusal("dklen is not 32 to 64");
  const shared = { salt: bytesIn(params, "salt", MOST_SALT), length: Number(length) };
  if (crypto.get("kdf") === "scrypt") {
    const [n, r, p] = [number("n"), number("r"), number("p")];
    const isEndless = n * r * p > MOST_WORK || p * r > MOST_BREADTH;
    if (isEndless || (n + p) * r > MOST_MEMORY) throw refusal(ENDLESS);
    if (n < 2n || n & (n - 1n)) throw refusal("n is no power of two");
    return { kind: "scrypt", ...shared, n: Number(n), r: Number(r), p: Number(p) };
  }
  if (crypto.get("kdf") !== "pbkdf2") throw refusal("kdf is neither scrypt nor pbkdf2");
  if (params.get("prf") !== "hmac-sha256") throw refusal("prf is not hmac-sha256");
  const rounds = number("c");
  if (rounds > MOST_ROUNDS) throw refusal(ENDLESS);
  return { kind: "pbkdf2", ...shared, rounds: Number(rounds) };
}

const ENDLESS = "it asks for more time or memory than any wallet does";

/** A whole number from 1. */
function numberIn(fields: Fields, name: string): bigint {
  const found = fields.get(name);
  if (typeof found === "bigint" && found > 0n) return found;
  throw refusal(`${name} is not a number from 1`);
}

/** Bytes, at most so many, as hexadecimal digits in any case, with or without 0x. */
function bytesIn(fields: Fields, name: string, most: number): Bytes {
  const text = fields.get(name);
  const found = typeof text === "string" ? bytesOf(text.toLowerCase().replace(/^0x/, "")) : null;
  if (found && found.length <= most) return found;
  throw refusal(`${name} is not hexadecimal digits of at most ${most} bytes`);
}
