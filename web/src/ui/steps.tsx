/** Where a reader is among the steps of a way. */

import type { JSX } from "preact";
import { useWords } from "./words";

interface StepsProps {
  readonly names: readonly string[];
  /** The step that is shown, from 0. Those before it are done. */
  readonly at: number;
}

export function Steps({ names, at }: StepsProps): JSX.Element {
  const words = useWords();
  return (
    <nav class="steps" aria-label={words.say("steps.name")}>
      <ol>
        {names.map((name, index) => (
          <li key={name} aria-current={index === at ? "step" : undefined} data-done={index < at}>
            <span class="step-name">{name}</span>
            {index < at && <span class="unseen"> ({words.say("steps.done")})</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
