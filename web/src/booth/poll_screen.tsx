/** What the poll is, who holds its key, and until when. */

import type { JSX } from "preact";
import { Notice } from "../ui/notice";
import { Say } from "../ui/say";
import { Time } from "../ui/time";
import { useWords } from "../ui/words";
import { Checks } from "./checks";
import { Heading } from "./heading";
import { type Opened, OtherWays, type WaysFormProps } from "./opening";

interface PollScreenProps extends WaysFormProps {
  readonly opened: Opened;
  readonly checkHref: string;
  readonly onGo: () => void;
}

export function PollScreen({ opened, checkHref, ...props }: PollScreenProps): JSX.Element {
  const words = useWords();
  const { definition, texts, board, checks, ways, seen } = opened;
  const { threshold, trustees } = board;
  const { phase } = seen;
  return (
    <>
      <Heading>
        <bdi>{texts.title}</bdi>
      </Heading>
      {texts.description && (
        <p class="lines" dir="auto">
          {texts.description}
        </p>
      )}
      <Phase opened={opened} checkHref={checkHref} />
      <dl>
        <dt>{words.say("booth.poll.closes")}</dt>
        <dd>
          <Time seconds={definition.closes} utc />
        </dd>
        <dt>{words.say("booth.poll.trustees")}</dt>
        <dd>
          {trustees.map((each, at) => (
            <>
              {at > 0 && ", "}
              <bdi key={each}>{each}</bdi>
            </>
          ))}
          <br />
          <small>
            <Say
              of="booth.poll.threshold"
              count={threshold}
              values={{ all: words.number(trustees.length) }}
            />
          </small>
        </dd>
        <dt>{words.say("booth.poll.turnout")}</dt>
        <dd>
          <Say
            of="booth.poll.voters"
            count={seen.voters}
            values={{ fewest: words.number(definition.minVoters) }}
          />
        </dd>
        <dt>{words.say("booth.poll.ways")}</dt>
        <dd>
          <span dir="ltr">{ways.relay?.name ?? ways.node.name}</span>
          {ways.isForeign && (
            <>
              <br />
              <small>{words.say("booth.poll.relaysNode")}</small>
            </>
          )}
        </dd>
      </dl>
      <Checks checks={checks} />
      <OtherWays {...props} />
      {phase === "open" && (
        <p class="actions">
          <button type="button" class="main" onClick={props.onGo}>
            {words.say("booth.poll.go")}
          </button>
        </p>
      )}
    </>
  );
}

/** Why nobody can vote now, if that is so. */
function Phase({
  opened,
  checkHref,
}: Pick<PollScreenProps, "opened" | "checkHref">): JSX.Element | null {
  const words = useWords();
  const { phase } = opened.seen;
  if (phase === "open") return null;
  if (phase === "scheduled") {
    return (
      <Notice kind="note" title={words.say("booth.phase.scheduled")}>
        <p>
          <Time seconds={opened.definition.opens} utc />
        </p>
      </Notice>
    );
  }
  return (
    <Notice
      kind="note"
      title={words.say(phase === "cancelled" ? "booth.phase.cancelled" : "booth.phase.closed")}
    >
      <p>
        <a href={checkHref}>
          {words.say(phase === "cancelled" ? "start.check" : "booth.phase.check")}
        </a>
      </p>
    </Notice>
  );
}
