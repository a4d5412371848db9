/** A button that copies a text, and says whether it could. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "./words";

interface CopyProps {
  readonly text: string;
  /** What is copied, for those who hear the button's name alone. */
  readonly what: string;
}

export function Copy({ text, what }: CopyProps): JSX.Element {
  const words = useWords();
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = (): void => {
    const writing = navigator.clipboard?.writeText(text) ?? Promise.reject();
    writing.then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const news = { true: words.say("copy.done"), false: words.say("copy.failed"), null: "" };
  return (
    <span class="copy">
      <button type="button" class="small" onClick={copy}>
        {words.say("copy.do")}
        <span class="unseen"> {what}</span>
      </button>
      <span role="status">{news[`${copied}`]}</span>
    </span>
  );
}
