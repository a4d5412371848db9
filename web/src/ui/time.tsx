/** A time in the reader's zone, and in UTC beside it where it matters. */

import type { JSX } from "preact";
import { useWords } from "./words";

interface TimeProps {
  /** Since 1970. */
  readonly seconds: bigint;
  readonly utc?: boolean;
}

export function Time({ seconds, utc = false }: TimeProps): JSX.Element {
  const words = useWords();
  const [own, universal] = [words.date(seconds), words.utc(seconds)];
  return (
    <span class="time">
      <span>{own}</span>
      {utc && universal !== own && <small> {universal}</small>}
    </span>
  );
}
