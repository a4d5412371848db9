/** A file that a reader chooses, or drops anywhere on the page. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Field } from "./field";

interface FileDropProps {
  readonly label: ComponentChildren;
  readonly hint: ComponentChildren;
  readonly id?: string;
  readonly onFile: (file: File) => void;
}

export function FileDrop({ label, hint, id, onFile }: FileDropProps): JSX.Element {
  useEffect(() => {
    const onOver = (event: DragEvent): void => event.preventDefault();
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
    };
    addEventListener("dragover", onOver);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("drop", onDrop);
    };
  });
  return (
    <Field
      label={label}
      hint={hint}
      {...(id ? { id } : {})}
      control={(props) => (
        <input
          {...props}
          type="file"
          onClick={({ currentTarget }) => {
            currentTarget.value = ""; // a file that was changed on disk can be chosen again
          }}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) onFile(file);
          }}
        />
      )}
    />
  );
}
