/** A field for the URL of a relay or node. */

import type { JSX } from "preact";
import { urlIn } from "../chain/wire";
import { Field } from "../ui/field";
import { useWords } from "../ui/words";

interface UrlFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
  /** Whether to say what is wrong. */
  readonly isTried: boolean;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function UrlField({ isTried, isOptional = false, ...props }: UrlFieldProps): JSX.Element {
  const words = useWords();
  const { value, onInput } = props;
  const isWrong = isTried && value.trim() && !urlIn(value);
  return (
    <Field
      label={props.label}
      hint={props.hint}
      fault={isWrong ? words.say("booth.ways.fault") : null}
      control={(own) => (
        <input
          {...own}
          required={!isOptional}
          inputMode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          dir="ltr"
          value={value}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    />
  );
}
