/** A poll's link: one line by which a voter finds a poll, and knows that it is the right one. */

import { type Bytes, bytesOf, hex } from "../bytes";
import { InvalidDocument } from "../errors";
import { type Address, checked } from "./addresses";
import { quoted } from "./characters";

const FORM = /^veche:0x([0-9a-f]{40})@([0-9]{1,18})#0x([0-9a-f]{64})$/i;
/** What a text or a program puts around a link. */
const AROUND =
  /^[<>()[\]{}"'`“”„‘’«».,;!?\u200b\u200e\u200f\u2060\ufeff]+|[<>()[\]{}"'`“”„‘’«».,;!?\u200b\u200e\u200f\u2060\ufeff]+$/g;
const SHOWN = 200;

export interface Link {
  readonly address: Address;
  readonly chainId: bigint;
  readonly pollHash: Bytes;
}

export const textOf = (link: Link): string =>
  `veche:${link.address}@${link.chainId}#${hex(link.pollHash)}`;

/**
 * The link in a text. Mail and browsers change links: capitals, %23 in place of #, a line break
 * within, and brackets or a full stop around it are understood.
 */
export function parseLink(text: string): Link {
  const found = FORM.exec(bare(text));
  if (!found) {
    const shown = quoted(text.slice(0, SHOWN));
    throw new InvalidDocument(`${shown} is no link to a poll. A link is veche:0x…@1#0x…`);
  }
  const address = checked(`0x${found[1]}`);
  if (address === null) {
    throw new InvalidDocument(`in the link, a digit of the address 0x${found[1]} is wrong`);
  }
  const pollHash = bytesOf((found[3] as string).toLowerCase()) as Bytes;
  return { address, chainId: BigInt(found[2] as string), pollHash };
}

function bare(text: string): string {
  const decoded = text.replace(/%([0-9a-fA-F]{2})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return decoded.replace(/\s+/g, "").replace(AROUND, "");
}
