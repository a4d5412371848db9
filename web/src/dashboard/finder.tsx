/** What became of a ballot, by its tracker. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Bytes, bytesOf, hex } from "../bytes";
import { Field } from "../ui/field";
import { ErrorNotice, Notice } from "../ui/notice";
import { useWords } from "../ui/words";
import type { Failure, Finding } from "./messages";
import { isFailure } from "./standing";

interface FinderProps {
  readonly finding: Finding | Failure | null;
  readonly onFind: (tracker: Bytes) => void;
}

/** The tracker that is typed, in groups or not; null if it is none. */
export function trackerIn(text: string): Bytes | null {
  const digits = text.replace(/[\s.,:;·-]+/g, "").replace(/^0x/i, "");
  return digits.length === 64 ? bytesOf(digits.toLowerCase()) : null;
}

export function Finder({ finding, onFind }: FinderProps): JSX.Element {
  const words = useWords();
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const find = (): void => {
    const tracker = trackerIn(text);
    setWrong(!tracker);
    setAsked(tracker !== null);
    if (tracker) onFind(tracker);
  };
  return (
    <section aria-labelledby="finder">
      <h3 id="finder">{words.say("dash.finder")}</h3>
      <p>{words.say("dash.finderIntro")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <Field
          id="tracker"
          label={words.say("dash.tracker")}
          hint={words.say("dash.trackerHint")}
          fault={isWrong ? words.say("dash.trackerFault") : null}
          control={(props) => (
            <textarea
              {...props}
              class="code"
              rows={2}
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              dir="ltr"
              value={text}
              onInput={({ currentTarget }) => {
                setText(currentTarget.value);
                setAsked(false);
              }}
            />
          )}
        />
        <p class="actions">
          <button type="submit">{words.say("dash.find")}</button>
        </p>
      </form>
      <div id="finding" role="status">
        {isAsked && finding && <Found finding={finding} />}
      </div>
    </section>
  );
}

function Found({ finding }: { readonly finding: Finding | Failure }): JSX.Element {
  const words = useWords();
  if (isFailure(finding)) {
    return <ErrorNotice told={words.toldOf(finding.name, finding.message)} />;
  }
  if (finding.kind === "counted") {
    return (
      <Notice kind="good" title={words.say("dash.counted")}>
        <p>
          {words.say("dash.by")} <code>{finding.voter}</code>
        </p>
      </Notice>
    );
  }
  if (finding.kind === "absent") {
    return (
      <Notice kind="warning" title={words.say("dash.absent")}>
        <p>{words.say("dash.absentDo")}</p>
      </Notice>
    );
  }
  return (
    <Notice kind="note" title={words.say("dash.replaced")}>
      <p>
        {words.say("dash.replacedBy")} <code>{hex(finding.by)}</code>
      </p>
    </Notice>
  );
}
