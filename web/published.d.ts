/** What `build.mjs` takes from app/veche/trust/artifacts: the published code by its hashes. */
declare module "veche:published" {
  export interface Published {
    readonly name: string;
    /** The Keccak-256 of the creation code. */
    readonly creationHash: string;
    /** Bytes of the code on chain. */
    readonly codeLength: number;
    /** The Keccak-256 of the code on chain, with zeros in place of immutable values. */
    readonly codeHash: string;
    /** First byte and length of each place of an immutable variable, by its name. */
    readonly immutables: { readonly [name: string]: readonly (readonly [number, number])[] };
  }
  export const contracts: readonly Published[];
  /**
   * The creation code of the catalogue, which arguments follow where it is hashed: keccak's state
   * behind its last whole block of 136 bytes, and the bytes that follow, both as hexadecimal digits.
   */
  export const catalogueCode: { readonly state: string; readonly rest: string };
}

/** What `bundle.mjs` takes from src/languages: every catalogue in the order of the English keys. */
declare module "veche:languages" {
  type Entry = string | { readonly [form in Intl.LDMLPluralRule]?: string };
  export const keys: readonly string[];
  /** The entries of each language; null where it has none. */
  export const catalogues: { readonly [language: string]: readonly (Entry | null)[] };
}
