/** The start: a link is pasted to vote or to check, or a file is opened. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { known } from "../errors";
import { parseLink, textOf } from "../protocol/link";
import { CodeArea } from "../ui/code_area";
import { Field } from "../ui/field";
import { FileDrop } from "../ui/file_drop";
import { Notice } from "../ui/notice";
import { useWords } from "../ui/words";
import { routeOf } from "./route";

interface StartProps {
  /** Why the link in the page's address is none; null if there is none. */
  readonly error: Error | null;
  readonly onFile: (file: File) => void;
}

export function Start({ error, onFile }: StartProps): JSX.Element {
  const words = useWords();
  return (
    <>
      <h1>{words.say(error ? "page.titleBroken" : "page.titleStart")}</h1>
      {error ? (
        <Notice kind="bad">
          <p>{words.say("broken.what")}</p>
          <p>{words.say("broken.do")}</p>
          <details>
            <summary>{words.say("error.detail")}</summary>
            <p lang="en" dir="ltr">
              {error.message}
            </p>
          </details>
        </Notice>
      ) : (
        <p class="lead">{words.say("start.intro")}</p>
      )}
      <LinkForm />
      <FileDrop
        label={words.say("start.file")}
        hint={words.say("start.fileHint")}
        onFile={onFile}
      />
    </>
  );
}

/**
 * What the page is asked for by what people paste: a link, or the address of a page with one, whose
 * server is then proposed.
 */
function asked(text: string): string {
  const [, page, hash] = /^\s*(https?:\/\/[^#\s]+)(#.*\S)/is.exec(text) ?? [];
  const route = routeOf(hash ?? "");
  if (!page || !("link" in route) || !route.link) return textOf(parseLink(text));
  const at = encodeURIComponent(route.at ?? new URL(page).origin);
  return `${textOf(route.link)}&at=${at}`;
}

function LinkForm(): JSX.Element {
  const words = useWords();
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const open = (before: string): void => {
    try {
      location.hash = before + asked(text);
    } catch (error) {
      known(error);
      setFault(words.say("start.linkFault"));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        open("");
      }}
    >
      <Field
        label={words.say("start.link")}
        hint={words.say("start.linkHint")}
        fault={fault}
        control={(props) => (
          <CodeArea
            {...props}
            required
            rows={3}
            value={text}
            onText={(typed) => {
              setText(typed);
              setFault(null);
            }}
          />
        )}
      />
      <p class="actions">
        <button type="submit" class="main">
          {words.say("start.vote")}
        </button>
        <button type="button" onClick={() => open("check&")}>
          {words.say("start.check")}
        </button>
      </p>
    </form>
  );
}
