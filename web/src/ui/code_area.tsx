/** Where people type or paste links, addresses and hashes: nothing is corrected on the way. */

import type { JSX } from "preact";
import type { FieldProps } from "./field";

interface CodeAreaProps extends FieldProps {
  readonly rows: number;
  readonly required?: boolean;
  readonly value: string;
  readonly onText: (text: string) => void;
}

export function CodeArea({ onText, ...props }: CodeAreaProps): JSX.Element {
  return (
    <textarea
      {...props}
      class="code"
      spellcheck={false}
      autocomplete="off"
      autocapitalize="off"
      dir="ltr"
      onInput={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
