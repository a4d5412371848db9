/** How far something is: a bar for those who see, and a line that is read out now and then. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Milliseconds between two lines that are read out: speech takes its time. */
const PAUSE = 5000;

interface ProgressProps {
  readonly text: string;
  /** From 0 to 1; null if nobody can know. */
  readonly done: number | null;
}

export function Progress({ text, done }: ProgressProps): JSX.Element {
  const [heard, setHeard] = useState(text);
  const last = useRef(0);
  useEffect(() => {
    const rest = last.current + PAUSE - Date.now();
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setHeard(text);
      },
      Math.max(0, rest),
    );
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="progress">
      <p aria-hidden="true">{text}</p>
      <p class="unseen" role="status">
        {heard}
      </p>
      <progress aria-label={text} max={1} value={done ?? undefined} />
    </div>
  );
}
