/** The poll is read and checked, before anything is asked or encrypted. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { urlIn } from "../chain/wire";
import { NodeError } from "../errors";
import type { Content } from "../protocol/content";
import { decode } from "../protocol/content";
import { fromPlain, type PollDefinition } from "../protocol/definition";
import type { Link } from "../protocol/link";
import { Form } from "../protocol/plain";
import type { Check } from "../trust/report";
import { ErrorNotice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { useWords } from "../ui/words";
import { Checks } from "./checks";
import type { OpenedPoll } from "./desk";
import { DeskError, type DeskLine } from "./desk_line";
import { look, type Seen } from "./following";
import { Heading } from "./heading";
import { UrlField } from "./url_field";
import { type Ways, waysOf } from "./ways";

/** A poll that is open in this booth: it passed every check that comes before trust. */
export interface Opened {
  readonly link: Link;
  readonly definition: PollDefinition;
  readonly texts: Content;
  readonly board: Omit<OpenedPoll, "definition">;
  readonly checks: readonly Check[];
  readonly ways: Ways;
  readonly seen: Seen;
}

interface OpeningProps {
  readonly link: Link;
  /** The URL of a relay or node; null if none is named yet. */
  readonly at: string | null;
  readonly desk: DeskLine;
  /** The node of the reader's choice; null for the relay's. */
  readonly own: string | null;
  readonly onWays: (at: string, own: string | null) => void;
  readonly children: (opened: Opened) => ComponentChildren;
}

type State =
  | { readonly name: "asking" }
  | { readonly name: "opened"; readonly opened: Opened }
  | { readonly name: "failed"; readonly error: unknown };

export function Opening(props: OpeningProps): JSX.Element {
  const { link, at, own, desk, onWays, children } = props;
  const words = useWords();
  const [state, setState] = useState<State>({ name: "asking" });
  const [checks, setChecks] = useState<readonly Check[]>([]);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (at === null) return;
    let isWanted = true;
    const onCheck = (check: Check): void => {
      if (isWanted) setChecks((before) => [...before, check]);
    };
    setChecks([]);
    setState({ name: "asking" });
    open({ at, own, link, desk, onCheck }).then(
      (opened) => isWanted && setState({ name: "opened", opened }),
      (error: unknown) => isWanted && setState({ name: "failed", error }),
    );
    return () => {
      isWanted = false;
    };
  }, [at, own, attempt]);
  if (state.name === "opened") return <>{children(state.opened)}</>;
  if (at !== null && state.name === "asking") {
    return (
      <>
        <h1>{words.say("booth.opening.title")}</h1>
        <Progress text={words.say("booth.opening.checks", { count: checks.length })} done={null} />
      </>
    );
  }
  const isFault = checks.some((each) => each.verdict === "fail");
  return (
    <>
      <Heading>{words.say(isFault ? "booth.opening.stop" : "booth.opening.title")}</Heading>
      {state.name === "failed" && <ErrorNotice told={words.told(state.error)} />}
      {isFault && <Checks checks={checks} isOpen />}
      {at !== null && (
        <p class="actions">
          <button type="button" class="main" onClick={() => setAttempt(attempt + 1)}>
            {words.say("booth.again")}
          </button>
        </p>
      )}
      <WaysForm at={at} own={own} onWays={onWays} />
    </>
  );
}

interface Attempt extends Pick<OpeningProps, "own" | "link" | "desk"> {
  readonly at: string;
  readonly onCheck: (check: Check) => void;
}

async function open({ at, own, link, desk, onCheck }: Attempt): Promise<Opened> {
  const ways = await waysOf(at, own);
  const checks: Check[] = [];
  const told = (check: Check): void => {
    checks.push(check);
    onCheck(check);
  };
  const { definition: text, ...board } = await desk.ask("open", { url: ways.url, link }, told);
  const definition = fromPlain(Form.parse(text, "poll"));
  const texts = decode(definition.content, definition.questions);
  const seen = await look(ways.node, definition.address, null, null);
  return { link, definition, texts, board, checks, ways, seen };
}

export type WaysFormProps = Pick<OpeningProps, "at" | "own" | "onWays">;

/** Names a relay or node, and another node. */
function WaysForm({ at, own, onWays }: WaysFormProps): JSX.Element {
  const words = useWords();
  const [first, setFirst] = useState(at ?? "");
  const [second, setSecond] = useState(own ?? "");
  const [isTried, setTried] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const node = second.trim();
        if (urlIn(first) && (!node || urlIn(node))) onWays(first.trim(), node || null);
      }}
    >
      <UrlField
        label={words.say("booth.ways.at")}
        hint={words.say("booth.ways.atHint")}
        isTried={isTried}
        value={first}
        onInput={setFirst}
      />
      <UrlField
        label={words.say("booth.ways.own")}
        hint={words.say("booth.ways.ownHint")}
        isOptional
        isTried={isTried}
        value={second}
        onInput={setSecond}
      />
      <p class="actions">
        <button type="submit">{words.say("booth.ways.do")}</button>
      </p>
    </form>
  );
}

/** Leads to another relay or node. */
export function OtherWays(props: WaysFormProps): JSX.Element {
  const words = useWords();
  return (
    <details>
      <summary>{words.say("booth.poll.change")}</summary>
      <WaysForm {...props} />
    </details>
  );
}

interface TroubleProps {
  /** Null if nothing went wrong. */
  readonly error: unknown;
  readonly ways: WaysFormProps;
}

/** What went wrong, and the way to another node if it may be this one's fault. */
export function Trouble({ error, ways }: TroubleProps): JSX.Element | null {
  const words = useWords();
  if (error === null) return null;
  const isTheirs = error instanceof NodeError || error instanceof DeskError;
  return (
    <>
      <ErrorNotice told={words.told(error)} />
      {isTheirs && <OtherWays {...ways} />}
    </>
  );
}
