/** What a reader must notice: told at once to those who listen, if it came while they were here. */

import type { ComponentChildren, JSX } from "preact";
import { type Told, useWords } from "./words";

interface NoticeProps {
  /** Good and bad news differ by a sign as well, never by colour alone. */
  readonly kind: "note" | "good" | "warning" | "bad";
  readonly title?: ComponentChildren;
  readonly children?: ComponentChildren;
}

const ROLES = { note: undefined, good: "status", warning: undefined, bad: "alert" } as const;

export function Notice({ kind, title, children }: NoticeProps): JSX.Element {
  return (
    <div class="notice" data-kind={kind} role={ROLES[kind]}>
      {title && <p class="notice-title">{title}</p>}
      {children}
    </div>
  );
}

/** What went wrong, what to do, and below it what the program says. */
export function ErrorNotice({ told }: { readonly told: Told }): JSX.Element {
  const words = useWords();
  return (
    <Notice kind="bad">
      <p>{told.text}</p>
      {told.detail && (
        <details>
          <summary>{words.say("error.detail")}</summary>
          <p lang="en" dir="ltr">
            {told.detail}
          </p>
        </details>
      )}
    </Notice>
  );
}
