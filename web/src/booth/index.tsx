/** The booth: a voter prepares, casts or audits a ballot of one poll. */

import type { JSX } from "preact";
import type { Link } from "../protocol/link";

export interface BoothProps {
  readonly link: Link;
  /** The relay or node that the link proposes; null if it proposes none. */
  readonly at: string | null;
}

export function Booth({ link }: BoothProps): JSX.Element {
  return <p>{link.address}</p>;
}

/** A signed ballot that was made elsewhere is audited, from its file. */
export function Audit({ file }: { readonly file: File }): JSX.Element {
  return <p>{file.name}</p>;
}
