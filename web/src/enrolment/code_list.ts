/**
 * Code lists: what officials tell the service of an enrolment (docs/enrolment.md §4). A list says which
 * codes are valid. It names no person, no id and no weight, and its order tells nothing.
 */

import { type Bytes, compare, utf8 } from "../bytes";
import { keccak } from "../crypto/keccak";
import { InvalidDocument } from "../errors";
import type { Address } from "../protocol/addresses";
import { isReadable, lengthOf } from "../protocol/characters";
import { Form } from "../protocol/plain";
import { type Signature, signatureFromEncoded, signer } from "../protocol/signature";
import { enrolmentId } from "./id";
import { digest, listWord } from "./typed_data";

const MAX_NUMBER = 2n ** 64n - 1n;
/** Maximum characters of a title. */
const MAX_TITLE = 200;
const MAX_CODES = 1_000_000;
/** Bytes of an address. */
const ADDRESS = 20;
const TYPE = "CodeList(string enrolment,string title,uint64 edition,uint64 until,address[] codes)";

/** The codes that are valid, signed by an official. */
export interface CodeList {
  /** The id of the enrolment. */
  readonly enrolment: string;
  /** What voters are shown, on one line. */
  readonly title: string;
  /** The largest number counts. */
  readonly edition: bigint;
  /** The last second in which a code can be bound, since 1970. */
  readonly until: bigint;
  /** The addresses of all valid codes, 20 bytes each, in ascending order. */
  readonly codes: readonly Bytes[];
  readonly signature: Signature;
}

/** The address of the key that has signed a list; the address zero if none has. */
export function official(list: CodeList): Address {
  const texts = [list.enrolment, list.title].map((each) => keccak(utf8(each)));
  const digested = digest(TYPE, [...texts, list.edition, list.until, listWord(list.codes)]);
  return signer(digested, list.signature);
}

/** The list in a JSON document. Who has signed it is not checked. */
export function codeListFromJson(text: string): CodeList {
  const form = Form.parse(text, "code list");
  return {
    enrolment: enrolmentId(form.text("enrolment")),
    title: title(form.text("title")),
    edition: form.number("edition", MAX_NUMBER),
    until: form.number("until", MAX_NUMBER),
    codes: codes(form.blob("codes")),
    signature: signatureFromEncoded(form.blob("signature")),
  };
}

/** A text, if it is the title of an enrolment. */
function title(text: string): string {
  if (text.trim() && isReadable(text) && lengthOf(text) <= MAX_TITLE) return text;
  throw new InvalidDocument(`a title is a line of 1 to ${MAX_TITLE} characters`);
}

/** The addresses in a row of bytes: as one list has one form, two lists never look alike. */
function codes(data: Bytes): Bytes[] {
  if (data.length % ADDRESS || data.length > MAX_CODES * ADDRESS) {
    throw new InvalidDocument(`code list: codes are not up to ${MAX_CODES} addresses`);
  }
  const found: Bytes[] = [];
  for (let at = 0; at < data.length; at += ADDRESS) found.push(data.slice(at, at + ADDRESS));
  if (found.some((each, at) => at > 0 && compare(found[at - 1] as Bytes, each) >= 0)) {
    throw new InvalidDocument("code list: codes are not in ascending order, each once");
  }
  return found;
}
