/** An opened ballot: what it holds, and whether that gives the tracker that was shown. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Scores } from "../protocol/content";
import { ErrorNotice, Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { Say } from "../ui/say";
import { useWords } from "../ui/words";
import type { CheckedAudit } from "./desk";
import type { DeskLine } from "./desk_line";
import type { Audited } from "./flow";
import { Heading } from "./heading";
import { fileName, save } from "./save";
import { Tracker } from "./tracker";

interface AuditScreenProps {
  readonly desk: DeskLine;
  readonly audited: Audited;
  readonly onNext: () => void;
}

/** The audit of a ballot of this booth. */
export function AuditScreen({ desk, audited, onNext }: AuditScreenProps): JSX.Element {
  const words = useWords();
  return (
    <>
      <Heading>{words.say("booth.audit.title")}</Heading>
      <p>{words.say("booth.audit.spent")}</p>
      <Checked desk={desk} text={audited.text} />
      <h2>{words.say("booth.audit.elsewhere")}</h2>
      <p>{words.say("booth.audit.elsewhereWhat")}</p>
      <p class="actions">
        <button
          type="button"
          onClick={() => save(audited.text, fileName("audit", audited.tracker))}
        >
          {words.say("booth.audit.save")}
        </button>
        <button type="button" class="main" onClick={onNext}>
          {words.say("booth.audit.next")}
        </button>
      </p>
    </>
  );
}

type Outcome = { readonly found: CheckedAudit } | { readonly error: unknown } | null;

/** What an audit file shows, computed anew. */
export function Checked({ desk, text }: { desk: DeskLine; text: string }): JSX.Element {
  const words = useWords();
  const [outcome, setOutcome] = useState<Outcome>(null);
  useEffect(() => {
    let isWanted = true;
    setOutcome(null);
    desk.ask("check", { text }).then(
      (found) => isWanted && setOutcome({ found }),
      (error: unknown) => isWanted && setOutcome({ error }),
    );
    return () => {
      isWanted = false;
    };
  }, [desk, text]);
  if (!outcome) return <Progress text={words.say("booth.decide.busy")} done={null} />;
  if ("error" in outcome) return <ErrorNotice told={words.told(outcome.error)} />;
  const { title, votes, tracker, pollHash } = outcome.found;
  return (
    <>
      <Notice kind="good" title={words.say("booth.audit.agrees")}>
        <p>{words.say("booth.audit.compare")}</p>
      </Notice>
      <h2>
        <bdi>{title}</bdi>
      </h2>
      {votes.map((each) => (
        <Votes key={each.question} of={each} />
      ))}
      <h3>{words.say("booth.tracker")}</h3>
      <Tracker of={tracker} />
      <p>
        <Say of="booth.audit.hash" values={{ hash: <code dir="ltr">{pollHash}</code> }} />
      </p>
    </>
  );
}

function Votes({ of }: { readonly of: Scores }): JSX.Element {
  const words = useWords();
  return (
    <table class="votes">
      <caption>
        <bdi>{of.question}</bdi>
      </caption>
      <tbody>
        {of.options.map(([option, score]) => (
          <tr key={option}>
            <th scope="row">
              <bdi>{option}</bdi>
            </th>
            <td class="number">{words.number(score)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
