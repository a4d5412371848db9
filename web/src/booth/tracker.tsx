/** A tracker in groups, so that people can compare it and write it down. */

import type { JSX } from "preact";
import { Copy } from "../ui/copy";
import { useWords } from "../ui/words";

/** Digits of a group. */
const GROUP = 4;

export function Tracker({ of }: { readonly of: string }): JSX.Element {
  const words = useWords();
  const groups = of.slice(2).match(new RegExp(`.{${GROUP}}`, "g")) ?? [of];
  return (
    <>
      <code class="tracker" dir="ltr" data-tracker={of}>
        0x {groups.map((each) => `${each} `)}
      </code>
      <p>
        <Copy text={of} what={words.say("booth.tracker")} />
      </p>
    </>
  );
}
