/**
 * What a verdict rests on: what the observer was told, and which nodes have shown the poll. All checks
 * hold for a poll that a stranger has copied into a catalogue of their own; only what the observer
 * knows from elsewhere shows whose poll it is.
 */

import type { Bytes } from "../bytes";
import type { Address } from "../protocol/addresses";
import type { Foundation } from "../trust/foundation";
import type { Report } from "../trust/report";

export const EXPECTED = "officials' catalogue";

interface Basis {
  /** The poll hash that the observer was told, 32 bytes. */
  readonly told: Bytes | null;
  /** The address of the officials' catalogue, if the observer names it. */
  readonly catalogue: Address | null;
  /** The names of the nodes that have shown the poll; none for a file. */
  readonly nodes: readonly string[];
}

/** Adds to a report whether the catalogue that the observer named has made the poll. */
export function checkCatalogue(basis: Basis, found: Foundation, report: Report): void {
  const { catalogue } = basis;
  if (catalogue === null) return;
  const own = found.catalogue;
  const named = `${catalogue}, the one that you named`;
  const fault = own === catalogue ? "" : `the poll is of ${own}, and not of ${named}`;
  report.add(EXPECTED, fault, `the poll is of ${named}`);
}
