import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { keccak } from "../src/crypto/keccak";
import { randomSecret } from "../src/crypto/sigma";
import { InsecurePage, InvalidKeystore, WrongPassword } from "../src/errors";
import type { Derive } from "../src/keys/derivation";
import { lock, makeKeystore, openKeystore, unlock } from "../src/keys/keystore";
import { signerOf } from "../src/keys/signer";

const PASSWORD = "Новгород 1136";
/** A keystore of the specification, by PBKDF2 and by scrypt. */
const KEY = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
const SPECIFIED = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};
const BY_SCRYPT = {
  ...SPECIFIED,
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "83dbcc02d8ccb40e466191a123791e0e" },
    ciphertext: "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
    kdf: "scrypt",
    kdfparams: {
      dklen: 32,
      n: 262144,
      p: 8,
      r: 1,
      salt: "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
    },
    mac: "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
  },
};
const THEIRS = "testpassword";

/** Derives without any work: tests of the rest need not wait. */
const fast: Derive = async (_, password) => keccak(password);

/** The keystore of the specification with another field. */
const bent = (change: (crypto: Record<string, unknown>) => void): string => {
  const copied = structuredClone(BY_SCRYPT);
  change(copied.crypto);
  return JSON.stringify(copied);
};

test("keystores of the specification are opened", async () => {
  for (const each of [SPECIFIED, BY_SCRYPT]) {
    const key = await unlock(JSON.stringify(each), THEIRS);
    assert.equal(key.reveal(), BigInt(`0x${KEY}`));
    await assert.rejects(unlock(JSON.stringify(each), "testpassworD"), WrongPassword);
  }
});

test("a key that is made here opens with its password alone, and tells how far it is", async () => {
  const parts: number[] = [];
  const made = await makeKeystore(PASSWORD, (part) => parts.push(part));
  assert.ok(parts.length > 2 && parts.at(-1) === 1, String(parts));
  assert.equal(`0x${JSON.parse(made.text).address}`, made.signer.account.toLowerCase());
  assert.equal((await openKeystore(made.text, PASSWORD)).account, made.signer.account);
  await assert.rejects(openKeystore(made.text, `${PASSWORD} `), WrongPassword);
  assert.match(made.name, /^veche-key-0x[0-9a-fA-F]{40}\.json$/);
});

test("two keys are never the same, nor are their salts", async () => {
  const [one, other] = await Promise.all([1, 2].map(() => makeKeystore(PASSWORD, undefined, fast)));
  assert.notEqual(one?.signer.account, other?.signer.account);
  const salt = (text = "") => JSON.parse(text).crypto.kdfparams.salt;
  assert.notEqual(salt(one?.text), salt(other?.text));
});

test("what other programs write is read: a mark, capitals, 0x, and a short beginning", async () => {
  const key = randomSecret();
  for (;;) {
    const text = await lock(key, PASSWORD, undefined, fast);
    const file = JSON.parse(text);
    const shouted = {
      Version: 3,
      Address: `0x${file.address.toUpperCase()}`,
      Crypto: { ...file.crypto, ciphertext: file.crypto.ciphertext.toUpperCase() },
    };
    for (const each of [`\ufeff${text}`, JSON.stringify(shouted)]) {
      assert.equal((await unlock(each, PASSWORD, undefined, fast)).reveal(), key.reveal());
    }
    if (!file.crypto.cipherparams.iv.startsWith("00")) continue;
    file.crypto.cipherparams.iv = file.crypto.cipherparams.iv.slice(2);
    const short = await unlock(JSON.stringify(file), PASSWORD, undefined, fast);
    assert.equal(short.reveal(), key.reveal());
    break;
  }
});

test("a password opens in whatever form the keystore was made with", async () => {
  const key = randomSecret();
  for (const [made, typed] of [
    ["pass", "ｐａｓｓ"],
    ["caf\u00e9", "cafe\u0301"],
    ["cafe\u0301", "caf\u00e9"],
    ["ｐａｓｓ", "ｐａｓｓ"],
  ] as const) {
    const text = await lock(key, made, undefined, fast);
    assert.equal((await unlock(text, typed, undefined, fast)).reveal(), key.reveal());
    await assert.rejects(unlock(text, "CAFÉ", undefined, fast), WrongPassword);
  }
});

test("a keystore that asks for endless work is refused before any is done", async () => {
  const never: Derive = () => assert.fail("this asks for work");
  const params = BY_SCRYPT.crypto.kdfparams;
  for (const change of [
    { n: 2 ** 31, r: 8, p: 1 },
    { N: 2 ** 31 },
    { n: 2, r: 8, p: 2 ** 26 },
    { n: 2, r: 1, p: 2 ** 24 },
    { n: 2, r: 1, p: 2 ** 13 },
    { dklen: 2 ** 31 },
    { n: -1 },
    { r: 1e9 },
    { r: 1.5 },
    { r: "8" },
    { r: 0 },
    { n: 3 },
    { n: 1 },
    { dklen: 16 },
    { salt: "00".repeat(2000) },
    { salt: 1 },
    { salt: "0" },
  ]) {
    const text = bent((crypto) => {
      crypto["kdfparams"] = { ...params, ...change };
    });
    await assert.rejects(unlock(text, THEIRS, undefined, never), InvalidKeystore, text);
  }
  const rounds = JSON.stringify(SPECIFIED).replace("262144", String(2 ** 31 - 1));
  await assert.rejects(unlock(rounds, THEIRS, undefined, never), InvalidKeystore);
});

test("a keystore that is malformed, or of another kind, is refused", async () => {
  const changes: Record<string, unknown>[] = [
    { cipher: "aes-128-cbc" },
    { cipher: null },
    { cipherparams: { iv: "00".repeat(17) } },
    { cipherparams: [] },
    { ciphertext: "no" },
    { ciphertext: "11".repeat(31) },
    { ciphertext: "11".repeat(33) },
    { kdf: null },
    { kdf: "argon2" },
    { kdf: "pbkdf2" },
    { kdf: "pbkdf2", kdfparams: { c: 1, dklen: 32, prf: "hmac-md5", salt: "00" } },
    { mac: "", ciphertext: "" },
  ];
  for (const change of changes) {
    const text = bent((crypto) => Object.assign(crypto, change));
    await assert.rejects(unlock(text, THEIRS, undefined, fast), InvalidKeystore, text);
  }
  for (const text of [
    "",
    "{",
    "[]",
    "null",
    "{}",
    '{"crypto":{},"version":3}',
    JSON.stringify({ ...SPECIFIED, version: 1 }),
    JSON.stringify({ ...SPECIFIED, version: "3" }),
    JSON.stringify({ ...SPECIFIED, Crypto: {} }),
    "[".repeat(50_000),
    " ".repeat(2 ** 16 + 1),
  ]) {
    await assert.rejects(unlock(text, THEIRS, undefined, fast), InvalidKeystore, text.slice(0, 50));
  }
});

test("a wrong checksum is told as a wrong password, and never gives a key", async () => {
  const text = bent((crypto) => {
    crypto["mac"] = "11".repeat(32);
  });
  await assert.rejects(unlock(text, THEIRS, undefined, fast), WrongPassword);
});

test("a key of zero is none", async () => {
  const zero = { reveal: () => 0n } as never;
  await assert.rejects(async () => {
    const text = await lock(zero, PASSWORD, undefined, fast);
    await unlock(text, PASSWORD, undefined, fast);
  });
});

test("a page without encryption says so", async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "crypto") as PropertyDescriptor;
  const { getRandomValues } = crypto;
  const open = { getRandomValues: getRandomValues.bind(crypto) };
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: open });
  try {
    await assert.rejects(makeKeystore(PASSWORD, undefined, fast), InsecurePage);
    await assert.rejects(unlock(JSON.stringify(SPECIFIED), THEIRS), InsecurePage);
  } finally {
    Object.defineProperty(globalThis, "crypto", own);
  }
});

test("no text of a signer shows its key", async () => {
  const signer = signerOf(randomSecret());
  assert.equal(inspect(signer).includes("0x"), true); // its address
  assert.doesNotMatch(inspect(signer, { depth: 9 }), /[0-9]{30}/);
  assert.doesNotMatch(JSON.stringify(signer), /[0-9]{45}/);
});
