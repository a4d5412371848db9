/**
 * From a password to the key that locks a file: slow on purpose, so that nobody can guess fast. It
 * belongs in a worker; where there is none, scrypt rests between slices.
 */

import { scrypt, scryptAsync } from "@noble/hashes/scrypt.js";
import type { Bytes } from "../bytes";
import { InsecurePage, InvalidKeystore } from "../errors";

/** How a keystore asks for it: what every keystore has, within what any wallet uses. */
export type Kdf = Scrypt | Pbkdf2;

export interface Scrypt {
  readonly kind: "scrypt";
  readonly salt: Bytes;
  readonly length: number;
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** PBKDF2 with HMAC-SHA-256. */
export interface Pbkdf2 {
  readonly kind: "pbkdf2";
  readonly salt: Bytes;
  readonly length: number;
  readonly rounds: number;
}

/** Takes the part that is done, from 0 to 1. */
export type OnProgress = (part: number) => void;
export type Derive = (kdf: Kdf, password: Bytes, onProgress: OnProgress) => Promise<Bytes>;

/** The browser's own ciphers, which it has on pages that nobody can alter on the way. */
export function ciphers(): SubtleCrypto {
  const found: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!found) throw new InsecurePage();
  return found;
}

/** Derives where it is called, and lets others work in between. */
export const inSlices: Derive = async (kdf, password, onProgress) => {
  if (kdf.kind === "pbkdf2") return pbkdf2(kdf, password);
  return bounded(scryptAsync(password, kdf.salt, { ...settings(kdf), onProgress }));
};

/** Derives at once, in a worker. */
const atOnce: Derive = async (kdf, password, onProgress) => {
  if (kdf.kind === "pbkdf2") return pbkdf2(kdf, password);
  const derive = async () => scrypt(password, kdf.salt, { ...settings(kdf), onProgress });
  return bounded(derive());
};

/** With as much memory as the keystore asks for, which was limited when it was read. */
const settings = ({ n, r, p, length }: Scrypt) => ({ N: n, r, p, dkLen: length, maxmem: 2 ** 32 });

async function bounded(derived: Promise<Uint8Array>): Promise<Bytes> {
  try {
    return (await derived) as Bytes;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidKeystore("the key file asks for more memory than this browser has");
  }
}

async function pbkdf2({ salt, length, rounds }: Pbkdf2, password: Bytes): Promise<Bytes> {
  const own = await ciphers().importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return new Uint8Array(await ciphers().deriveBits(how, own, 8 * length));
}

// -- In a worker --

interface Question {
  readonly kdf: Kdf;
  readonly password: Bytes;
}
type Reply =
  | { readonly kind: "progress"; readonly part: number }
  | { readonly kind: "done"; readonly key: Bytes }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

/** Derives what comes through a port. */
export function serve(port: MessagePort): void {
  const reply = (of: Reply): void => port.postMessage(of);
  port.onmessage = async ({ data: { kdf, password } }: MessageEvent<Question>) => {
    try {
      const key = await atOnce(kdf, password, (part) => reply({ kind: "progress", part }));
      reply({ kind: "done", key });
    } catch (error) {
      const { name, message } = error as Error;
      reply({ kind: "failed", name, message });
    }
  };
}

/** Derives at the other end of a port, one after the other. */
export function through(port: MessagePort): Derive {
  let last: Promise<unknown> = Promise.resolve();
  const ask: Derive = (kdf, password, onProgress) =>
    new Promise((resolve, reject) => {
      port.onmessage = ({ data }: MessageEvent<Reply>) => {
        if (data.kind === "progress") onProgress(data.part);
        else if (data.kind === "done") resolve(data.key);
        else reject(refusal(data.name, data.message));
      };
      port.postMessage({ kdf, password } satisfies Question);
    });
  return (kdf, password, onProgress) => {
    const next = last.then(() => ask(kdf, password, onProgress));
    last = next.catch(() => undefined);
    return next;
  };
}

const refusal = (name: string, message: string): Error =>
  name === "InsecurePage" ? new InsecurePage() : new InvalidKeystore(message);
