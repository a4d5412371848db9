/** What voters and trustees sign, by EIP-712, and who has signed it (PROTOCOL §2, §3). */

import { type Bytes, bytesOfNumber, hex, joined, numberOf, same, utf8 } from "../bytes";
import { ecdsa } from "../crypto/ecdsa";
import { inverseOf, modN, N, Point, type Secret, timesG } from "../crypto/group";
import { keccak } from "../crypto/keccak";
import { ordinate } from "../crypto/secp256k1";
import { InvalidDocument, InvalidSignature } from "../errors";
import { type Address, addressOf, bytesOfAddress } from "./addresses";
import { wordOf } from "./trackers";

/** R and vs by EIP-2098: 64 bytes. */
export type Signature = Bytes;

const HIGHEST_BIT = 1n << 255n;
const HALF = N / 2n;

const VECHE = { name: "Veche", version: "2" };
const DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const BALLOT = "Ballot(address voter,bytes32 tracker,bytes32 replaces,uint64 deadline)";
const DEAL = "Deal(bytes32 boardHash,uint256 dealer,uint256 challenge)";
const CONFIRMATION = "Confirmation(bytes32 boardHash,uint256 trustee,bytes32 dealsHash)";

/** From r and vs; or from r, s and v, 65 bytes, as most wallets write it. */
export function signatureFromEncoded(data: Bytes): Signature {
  if (data.length === 64) return data;
  const v = data.length === 65 ? (data[64] as number) : -1;
  if (![0, 1, 27, 28].includes(v)) {
    throw new InvalidDocument("a signature has 64 bytes, or 65 with 27, 28, 0 or 1 at the end");
  }
  const parity = v % 27 ? HIGHEST_BIT : 0n;
  return joined([
    data.subarray(0, 32) as Bytes,
    bytesOfNumber(numberOf(data.subarray(32, 64) as Bytes) | parity),
  ]);
}

// -- Messages --

/** A contract on a chain, which a message holds for alone. */
export interface Domain {
  readonly chainId: bigint;
  readonly contract: Address;
}

const atom = (value: Bytes | bigint): Bytes =>
  value instanceof Uint8Array ? value : bytesOfNumber(value);

/** The hash of a type and its values, a word each. */
const hashOf = (type: string, values: readonly (Bytes | bigint)[]): Bytes =>
  keccak(joined([keccak(utf8(type)), ...values.map(atom)]));

/** Veche's domain: a type of what may stand behind name and version, and that. */
export const domainOf = (type: string, ...values: readonly bigint[]): Bytes =>
  hashOf(type, [keccak(utf8(VECHE.name)), keccak(utf8(VECHE.version)), ...values]);

/** The hash of what is signed, 32 bytes: values of a type, a word each, in a domain. */
export const digestIn = (domain: Bytes, type: string, values: readonly (Bytes | bigint)[]): Bytes =>
  keccak(joined([new Uint8Array([0x19, 1]), domain, hashOf(type, values)]));

// -- Messages for wallets --

interface TypedField {
  readonly name: string;
  readonly type: string;
}
type Fields = Readonly<Record<string, string | number>>;

/** A message as wallets take it for eth_signTypedData_v4: plain data, which JSON can carry. */
export interface TypedData {
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: string;
  readonly domain: Fields;
  readonly message: Fields;
}

/** The types are read from the texts that are hashed here, so that both are of one mind. */
export function typedData(
  domainType: string,
  domain: Fields,
  type: string,
  message: Fields,
): TypedData {
  const [own, fields] = parsed(type);
  const [domainName, domainFields] = parsed(domainType);
  return {
    types: { [domainName]: domainFields, [own]: fields },
    primaryType: own,
    domain: { ...VECHE, ...domain },
    message,
  };
}

/** The name and the fields of a type. */
function parsed(type: string): [string, TypedField[]] {
  const [name, listed] = type.slice(0, -1).split("(") as [string, string];
  const fields = listed.split(",").map((each) => {
    const [kind, field] = each.split(" ") as [string, string];
    return { name: field, type: kind };
  });
  return [name, fields];
}

// -- Ballots and ceremonies --

const digest = (domain: Domain, type: string, values: readonly (Bytes | bigint)[]): Bytes =>
  digestIn(domainOf(DOMAIN, domain.chainId, BigInt(domain.contract)), type, values);

/** What a voter signs. */
export interface BallotMessage {
  readonly voter: Address;
  readonly tracker: Bytes;
  readonly replaces: Bytes | null;
  readonly deadline: bigint;
}

/** The hash of what a voter signs, 32 bytes. */
export const ballotDigest = (domain: Domain, of: BallotMessage): Bytes =>
  digest(domain, BALLOT, [BigInt(of.voter), of.tracker, wordOf(of.replaces), of.deadline]);

/** What a voter signs, as wallets take it. */
export const ballotTypedData = (domain: Domain, of: BallotMessage): TypedData =>
  typedData(
    DOMAIN,
    { chainId: safely(domain.chainId), verifyingContract: domain.contract },
    BALLOT,
    {
      voter: of.voter,
      tracker: hex(of.tracker),
      replaces: hex(wordOf(of.replaces)),
      deadline: String(of.deadline),
    },
  );

/** Wallets compare the number of a chain with their own; those beyond 2^53 are texts. */
const safely = (chainId: bigint): number | string =>
  chainId <= Number.MAX_SAFE_INTEGER ? Number(chainId) : `0x${chainId.toString(16)}`;

/** The hash of what a trustee signs to deal. */
export const dealDigest = (
  domain: Domain,
  boardHash: Bytes,
  dealer: bigint,
  challenge: bigint,
): Bytes => digest(domain, DEAL, [boardHash, dealer, challenge]);

/** The hash of what a trustee signs to confirm. */
export const confirmationDigest = (
  domain: Domain,
  boardHash: Bytes,
  trustee: bigint,
  dealsHash: Bytes,
): Bytes => digest(domain, CONFIRMATION, [boardHash, trustee, dealsHash]);

// -- Sign --

/** The address of the account with this key. */
export const accountOf = (key: Secret): Address => addressOf(keccak(timesG(key).encoded).slice(12));

/** The signature of an account; deterministic by RFC 6979. */
export function sign(key: Secret, digested: Bytes): Signature {
  const { r, s, isOdd } = ecdsa(key, digested);
  return joined([bytesOfNumber(r), bytesOfNumber(s | (isOdd ? HIGHEST_BIT : 0n))]);
}

// -- Verify --

/** The address of the account that has signed; zeros if the contracts would not accept it. */
export const signer = (digested: Bytes, signature: Signature): Address =>
  addressOf(recovered(digested, signature) ?? new Uint8Array(20));

/** The last 20 bytes of the hash of r⁻¹(s·R − h·G). */
function recovered(digested: Bytes, signature: Signature): Bytes | null {
  const [r, vs] = [
    numberOf(signature.subarray(0, 32) as Bytes),
    numberOf(signature.subarray(32) as Bytes),
  ];
  const s = BigInt.asUintN(255, vs);
  if (r === 0n || r >= N || s === 0n || s > HALF) return null;
  const y = ordinate(r, vs >= HIGHEST_BIT);
  if (y === null) return null;
  const inverse = inverseOf(r);
  const hidden = Point.fromWords(r, y).times(modN(s * inverse));
  const key = hidden.minus(timesG(modN(numberOf(digested) * inverse)));
  return key.isInfinity ? null : (keccak(key.encoded).slice(12) as Bytes);
}

/** Refuses a signature that is not the voter's. */
export function requireSigner(voter: Address, digested: Bytes, signature: Signature): void {
  const found = recovered(digested, signature);
  if (found && same(found, bytesOfAddress(voter))) return;
  throw new InvalidSignature(voter, addressOf(found ?? new Uint8Array(20)));
}
