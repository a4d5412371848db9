/** The tracker is shown; only then the voter decides: cast the ballot, or audit it. */

import type { JSX } from "preact";
import { Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { Say } from "../ui/say";
import { Time } from "../ui/time";
import { useWords } from "../ui/words";
import type { Prepared } from "./flow";
import { Heading } from "./heading";
import { Trouble, type WaysFormProps } from "./opening";
import { Tracker } from "./tracker";

interface DecideScreenProps {
  readonly prepared: Prepared;
  readonly isCarried: boolean;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly ways: WaysFormProps;
  readonly onCast: () => void;
  readonly onAudit: () => void;
  readonly onBack: () => void;
}

export function DecideScreen(props: DecideScreenProps): JSX.Element {
  const { prepared, isCarried, isBusy, error } = props;
  const words = useWords();
  return (
    <>
      <Heading>{words.say("booth.decide.title")}</Heading>
      <p>{words.say("booth.decide.tracker")}</p>
      <Tracker of={prepared.tracker} />
      {prepared.replaces && <p>{words.say("booth.decide.replaces")}</p>}
      <p>
        <Say of="booth.sent.until" values={{ time: <Time seconds={prepared.deadline} /> }} />
      </p>
      {prepared.isLate && (
        <Notice kind="warning">
          <p>{words.say("booth.sent.late")}</p>
        </Notice>
      )}
      <Trouble error={error} ways={props.ways} />
      {isBusy && <Progress text={words.say("booth.decide.busy")} done={null} />}
      <div class="evenly">
        <section aria-labelledby="cast">
          <h2 id="cast">{words.say("booth.decide.cast")}</h2>
          <p>{words.say(isCarried ? "booth.decide.carryWhat" : "booth.decide.castWhat")}</p>
          <button type="button" onClick={props.onCast} disabled={isBusy}>
            {words.say("booth.decide.castDo")}
          </button>
        </section>
        <section aria-labelledby="audit">
          <h2 id="audit">{words.say("booth.decide.audit")}</h2>
          <p>{words.say("booth.decide.auditWhat")}</p>
          <button type="button" onClick={props.onAudit} disabled={isBusy}>
            {words.say("booth.decide.auditDo")}
          </button>
        </section>
      </div>
      <p class="actions">
        <button type="button" onClick={props.onBack} disabled={isBusy}>
          {words.say("booth.back")}
        </button>
      </p>
    </>
  );
}
