/** A drawing with its caption, and the numbers that it shows as a table beneath. */

import type { ComponentChildren, JSX } from "preact";

interface FigureProps {
  readonly caption: ComponentChildren;
  /** An SVG; those who do not see it have the table. */
  readonly drawing: JSX.Element;
  readonly table: JSX.Element;
}

export function Figure({ caption, drawing, table }: FigureProps): JSX.Element {
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <div aria-hidden="true">{drawing}</div>
      <div class="scroll">{table}</div>
    </figure>
  );
}
