/** What became of a ballot, by its tracker. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Bytes, bytesOf, hex, same } from "../bytes";
import { CodeArea } from "../ui/code_area";
import { Field } from "../ui/field";
import { ErrorNotice, Notice } from "../ui/notice";
import { useWords } from "../ui/words";
import type { Finding } from "./messages";
import { isFailure } from "./standing";

interface FinderProps {
  /** The block of the newest look: what was found before may have changed. */
  readonly block: bigint;
  readonly finding: Finding | null;
  readonly onFind: (tracker: Bytes) => void;
}

/** The tracker that is typed, in groups or not; null if it is none. */
export function trackerIn(text: string): Bytes | null {
  const digits = text.replace(/[\s.,:;·-]+/g, "").replace(/^0x/i, "");
  return digits.length === 64 ? bytesOf(digits.toLowerCase()) : null;
}

export function Finder({ block, finding, onFind }: FinderProps): JSX.Element {
  const words = useWords();
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  const [asked, setAsked] = useState<Bytes | null>(null);
  const find = (): void => {
    const tracker = trackerIn(text);
    setWrong(!tracker);
    setAsked(tracker);
  };
  useEffect(() => {
    if (asked) onFind(asked);
  }, [asked, block]);
  // an answer is for the ballot that was asked for last, and for no other
  const isAnswered = asked !== null && finding !== null && same(finding.tracker, asked);
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
            <CodeArea
              {...props}
              rows={2}
              value={text}
              onText={(typed) => {
                setText(typed);
                setAsked(null);
              }}
            />
          )}
        />
        <p class="actions">
          <button type="submit">{words.say("dash.find")}</button>
        </p>
      </form>
      <div id="finding" role="status">
        {isAnswered && <Found finding={finding} />}
        {asked && !isAnswered && words.say("dash.finding")}
      </div>
    </section>
  );
}

function Found({ finding }: { readonly finding: Finding }): JSX.Element {
  const words = useWords();
  const { fate, block } = finding;
  if (isFailure(fate)) return <ErrorNotice told={words.toldOf(fate.name, fate.message)} />;
  const seen = <p class="faint">{words.say("dash.foundAt", { block })}</p>;
  if (fate.kind === "counted") {
    return (
      <Notice kind="good" title={words.say("dash.counted")}>
        <p>
          {words.say("dash.by")} <code>{fate.voter}</code>
        </p>
        {seen}
      </Notice>
    );
  }
  if (fate.kind === "absent") {
    return (
      <Notice kind="warning" title={words.say("dash.absent")}>
        <p>{words.say("dash.absentDo")}</p>
        {seen}
      </Notice>
    );
  }
  return (
    <Notice kind="note" title={words.say("dash.replaced")}>
      <p>
        {words.say("dash.replacedBy")} <code>{hex(fate.by)}</code>
      </p>
      {seen}
    </Notice>
  );
}
