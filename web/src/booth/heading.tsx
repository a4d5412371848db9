/** The heading of a step. It takes the focus when the step comes, so that it is read out first. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface HeadingProps {
  /** A small line above it. */
  readonly over?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Heading({ over, children }: HeadingProps): JSX.Element {
  const own = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    own.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return (
    <>
      {over && <p class="over">{over}</p>}
      <h1 ref={own} tabIndex={-1}>
        {children}
      </h1>
    </>
  );
}
