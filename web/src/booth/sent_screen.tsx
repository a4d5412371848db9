/** A ballot on its way: what the relay says, what a node shows, and what to do if it goes wrong. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Node } from "../chain/node";
import { Relay } from "../chain/relay";
import { urlIn } from "../chain/wire";
import { ErrorNotice, Notice } from "../ui/notice";
import { Say } from "../ui/say";
import { Time } from "../ui/time";
import { type Key, useWords } from "../ui/words";
import type { Counted, Sent } from "./flow";
import type { Fate } from "./following";
import { Forget } from "./forget";
import { Heading } from "./heading";
import type { Opened } from "./opening";
import { Receipt } from "./receipt";
import { fileName, save } from "./save";
import { Tracker } from "./tracker";
import { UrlField } from "./url_field";
import { type RelayWord, useFollowing } from "./use_following";

interface SentScreenProps {
  readonly opened: Opened;
  readonly sent: Sent;
  readonly checkHref: string;
  readonly onCount: (counted: Counted | null) => void;
  readonly onAgain: () => void;
  readonly onRenew: () => void;
  readonly onForget: () => void;
}

const TITLES: Record<Fate["name"], Key> = {
  waiting: "booth.sent.waiting",
  counted: "booth.sent.counted",
  replaced: "booth.sent.replaced",
  overtaken: "booth.sent.overtaken",
  dead: "booth.sent.dead",
  closed: "booth.sent.closed",
};

export function SentScreen(props: SentScreenProps): JSX.Element {
  const { opened, sent, checkHref, onCount } = props;
  const words = useWords();
  const { definition, ways } = opened;
  const [relay, setRelay] = useState(ways.relay);
  const [node, setNode] = useState(ways.node);
  const { word, fate, error, ask } = useFollowing(
    definition.address,
    sent,
    { relay, node },
    onCount,
  );
  const onRelay = (other: Relay): void => {
    setRelay(other);
    if (error !== null && ways.isForeign) setNode(new Node(other.rpc)); // its relay may be gone
  };
  const now = fate?.name ?? "waiting";
  return (
    <>
      <Heading key={now}>{words.say(TITLES[now])}</Heading>
      <Fated fate={fate} node={node} isForeign={ways.isForeign} />
      {now === "waiting" && <Word word={word} relay={relay} />}
      {now === "counted" ? (
        <Receipt opened={opened} sent={sent} node={node} />
      ) : (
        <>
          <h2>{words.say("booth.tracker")}</h2>
          <Tracker of={sent.tracker} />
        </>
      )}
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {now === "waiting" && (
        <p>
          <Say of="booth.sent.until" values={{ time: <Time seconds={sent.deadline} /> }} />
        </p>
      )}
      {now === "waiting" && <Otherwise sent={sent} word={word} onAsk={ask} onRelay={onRelay} />}
      <Next {...props} now={now} />
      <Forget onForget={props.onForget} />
      {(now === "closed" || now === "counted") && (
        <p>
          <a href={checkHref}>{words.say("booth.phase.check")}</a>
        </p>
      )}
    </>
  );
}

interface FatedProps {
  readonly fate: Fate | null;
  readonly node: Node;
  readonly isForeign: boolean;
}

/** What a node shows. */
function Fated({ fate, isForeign, ...of }: FatedProps): JSX.Element {
  const words = useWords();
  const node = <bdi>{of.node.name}</bdi>;
  if (!fate || fate.name === "waiting") {
    return (
      <p role="status">
        <Say of="booth.sent.nodeWaits" values={{ node }} />
      </p>
    );
  }
  if (fate.name === "counted") {
    return (
      <Notice kind="good">
        <p>
          <Say of="booth.sent.nodeShows" values={{ node, block: words.number(fate.block) }} />
        </p>
        {isForeign && <p>{words.say("booth.sent.relaysNode")}</p>}
      </Notice>
    );
  }
  return (
    <Notice kind={fate.name === "replaced" ? "warning" : "bad"}>
      <p>{words.say(`booth.sent.${fate.name}What`)}</p>
      {(fate.name === "replaced" || fate.name === "overtaken") && <Tracker of={fate.by} />}
    </Notice>
  );
}

/** What the relay says. It is told as no more than that. */
function Word({ word, relay }: { word: RelayWord; relay: Relay | null }): JSX.Element {
  const words = useWords();
  if (!relay || word.name === "none") {
    return (
      <Notice kind="note" title={words.say("booth.sent.noRelay")}>
        <p>{words.say("booth.sent.noRelayWhat")}</p>
      </Notice>
    );
  }
  const name = <bdi>{relay.name}</bdi>;
  if (word.name === "failed") {
    return (
      <>
        <p>
          <Say of="booth.sent.relayFailed" values={{ relay: name }} />
        </p>
        <ErrorNotice told={words.told(word.error)} />
      </>
    );
  }
  return (
    <p role="status">
      <Say of={`booth.sent.relay.${word.name}`} values={{ relay: name }} />
    </p>
  );
}

interface OtherwiseProps {
  readonly sent: Sent;
  readonly word: RelayWord;
  readonly onAsk: () => void;
  readonly onRelay: (relay: Relay) => void;
}

/** Other ways for the same ballot: it counts once, however many carry it. */
function Otherwise({ sent, word, onAsk, onRelay }: OtherwiseProps): JSX.Element {
  const words = useWords();
  const [url, setUrl] = useState("");
  const [isTried, setTried] = useState(false);
  const isTrouble = word.name === "failed" || word.name === "none" || word.name === "slow";
  return (
    <details open={isTrouble}>
      <summary>{words.say("booth.other.title")}</summary>
      <p>{words.say("booth.other.what")}</p>
      <p class="actions">
        {word.name !== "none" && (
          <button type="button" onClick={onAsk}>
            {words.say("booth.other.again")}
          </button>
        )}
        <button type="button" onClick={() => save(sent.text, fileName("ballot", sent.tracker))}>
          {words.say("booth.other.save")}
        </button>
      </p>
      <p class="hint">{words.say("booth.other.saveWhat")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (urlIn(url)) onRelay(new Relay(url));
        }}
      >
        <UrlField
          label={words.say("booth.other.relay")}
          isTried={isTried}
          value={url}
          onInput={setUrl}
        />
        <p class="actions">
          <button type="submit">{words.say("booth.other.relayDo")}</button>
        </p>
      </form>
    </details>
  );
}

/** What the voter can do next. */
function Next({
  now,
  onAgain,
  onRenew,
}: SentScreenProps & { now: Fate["name"] }): JSX.Element | null {
  const words = useWords();
  if (now === "dead" || now === "overtaken") {
    return (
      <p class="actions">
        <button type="button" class="main" onClick={onRenew}>
          {words.say("booth.sent.renew")}
        </button>
      </p>
    );
  }
  if (now === "closed") return null;
  if (now === "waiting") return <p class="hint">{words.say("booth.sent.againLater")}</p>;
  return (
    <>
      <p>{words.say("booth.sent.againWhat")}</p>
      <p class="actions">
        <button type="button" onClick={onAgain}>
          {words.say("booth.sent.again")}
        </button>
        {now === "counted" && (
          <button type="button" class="main" onClick={() => print()}>
            {words.say("booth.receipt.print")}
          </button>
        )}
      </p>
    </>
  );
}
