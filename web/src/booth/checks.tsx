/** The checks that were made, as a short list that opens. */

import type { JSX } from "preact";
import type { Check } from "../trust/report";
import { CheckTable } from "../ui/check_table";
import { useWords } from "../ui/words";

interface ChecksProps {
  readonly checks: readonly Check[];
  readonly isOpen?: boolean;
}

export function Checks({ checks, isOpen = false }: ChecksProps): JSX.Element {
  const words = useWords();
  return (
    <details open={isOpen}>
      <summary>{words.say("booth.checks", { count: checks.length })}</summary>
      <CheckTable checks={checks} isInFull />
    </details>
  );
}
