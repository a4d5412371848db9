/** Hands a ballot in at a relay, and watches what a node shows of it, as long as the screen is there. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Bytes, bytesOf } from "../bytes";
import type { Relay } from "../chain/relay";
import type { Address } from "../protocol/addresses";
import { fromJson } from "../protocol/ballot";
import type { Counted, Sent } from "./flow";
import { deviceTime, type Fate, fateOf, look } from "./following";
import type { Ways } from "./ways";

/** Milliseconds between two looks at a node, while the ballot does not count and after that. */
const LOOK_EVERY = 2_000;
const LOOK_AFTERWARDS = 15_000;
/** Milliseconds between two questions to a relay. */
const ASK_EVERY = 5_000;
/** Milliseconds after which a relay that has accepted a ballot is slow. */
const SLOW_AFTER = 60_000;

/** What the relay says of a ballot. */
export type RelayWord =
  | { readonly name: "none" | "asked" | "queued" | "sent" | "cast" | "slow" }
  | { readonly name: "failed"; readonly error: unknown };

interface Following {
  readonly word: RelayWord;
  /** Null until a node was asked. */
  readonly fate: Fate | null;
  /** Why the node cannot be asked; null if it can. */
  readonly error: unknown;
  /** Hands the ballot in again. */
  readonly ask: () => void;
}

export function useFollowing(
  poll: Address,
  sent: Sent,
  { relay, node }: Pick<Ways, "relay" | "node">,
  onCount: (counted: Counted | null) => void,
): Following {
  const [fate, setFate] = useState<Fate | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const isOver = fate !== null && fate.name !== "waiting";
  useRepeated(isOver ? LOOK_AFTERWARDS : LOOK_EVERY, [sent.tracker, isOver], async () => {
    try {
      const voter = fromJson(sent.text).voter;
      const seen = await look(node, poll, voter, trackerOf(sent));
      setFate(fateOf(sent, seen));
      setError(null);
    } catch (caught) {
      setError(caught);
    }
  });
  const block = fate?.name === "counted" ? fate.block : null;
  useEffect(() => {
    const known = sent.counted?.block ?? null;
    if (fate && known !== block) onCount(block === null ? null : { block, seen: deviceTime() });
  }, [fate === null, block]);
  const word = useRelay(relay, sent, attempt);
  return { word, fate, error, ask: () => setAttempt(attempt + 1) };
}

const trackerOf = (sent: Sent): Bytes => bytesOf(sent.tracker.slice(2)) as Bytes;

/** What the relay says, whatever nodes show: from handing the ballot in until it is cast or refused. */
function useRelay(relay: Relay | null, sent: Sent, attempt: number): RelayWord {
  const [word, setWord] = useState<RelayWord>({ name: relay ? "asked" : "none" });
  useEffect(() => {
    if (!relay) return;
    let isWanted = true;
    setWord({ name: "asked" });
    const follow = async (): Promise<void> => {
      for await (const each of wordsOf(relay, sent)) {
        if (!isWanted) return;
        setWord(each);
      }
    };
    void follow();
    return () => {
      isWanted = false;
    };
  }, [relay, sent.tracker, attempt]);
  return word;
}

async function* wordsOf(relay: Relay, sent: Sent): AsyncGenerator<RelayWord> {
  const tracker = trackerOf(sent);
  try {
    let standing = await relay.handIn(fromJson(sent.text), tracker);
    for (const begun = Date.now(); !standing.problem; ) {
      const name = wordOf(standing.state, Date.now() - begun);
      yield { name };
      if (name === "cast") return;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
      standing = await relay.standing(tracker);
    }
    yield { name: "failed", error: standing.problem };
  } catch (error) {
    yield { name: "failed", error }; // the voter decides whether to try again
  }
}

function wordOf(state: string, waited: number): "queued" | "sent" | "cast" | "slow" {
  if (state === "confirmed" || state === "found") return "cast";
  if (waited > SLOW_AFTER) return "slow";
  return state === "sent" ? "sent" : "queued";
}

/** Does something now and then; at once when the connection is back or the tab is looked at. */
function useRepeated(every: number, on: readonly unknown[], act: () => Promise<void>): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    let [isWanted, isBusy] = [true, false];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async (): Promise<void> => {
      if (isBusy) return;
      clearTimeout(timer);
      isBusy = true;
      await latest.current();
      isBusy = false;
      if (isWanted) timer = setTimeout(run, every);
    };
    void run();
    addEventListener("online", run);
    document.addEventListener("visibilitychange", run);
    return () => {
      isWanted = false;
      clearTimeout(timer);
      removeEventListener("online", run);
      document.removeEventListener("visibilitychange", run);
    };
  }, [every, ...on]);
}
