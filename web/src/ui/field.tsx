/** A field with its label, a hint, and what is wrong with what stands in it. */

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** What the control of a field takes, so that it is named and described. */
export interface FieldProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface Props {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly fault?: string | null;
  /** The id of the control, if something else must find it. */
  readonly id?: string;
  readonly control: (props: FieldProps) => JSX.Element;
}

export function Field({ label, hint, fault, id, control }: Props): JSX.Element {
  const made = useId();
  const own = id ?? made;
  const described = [hint ? `${own}-hint` : "", fault ? `${own}-fault` : ""].filter(Boolean);
  return (
    <div class="field">
      <label for={own}>{label}</label>
      {hint && (
        <p class="hint" id={`${own}-hint`}>
          {hint}
        </p>
      )}
      {control({
        id: own,
        "aria-describedby": described.join(" ") || undefined,
        "aria-invalid": fault ? true : undefined,
      })}
      {fault && (
        <p class="fault" id={`${own}-fault`} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
