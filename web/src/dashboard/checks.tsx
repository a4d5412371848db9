/** Every check by its name, with plain words, its verdict and what was found. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Check } from "../trust/report";
import { CheckTable } from "../ui/check_table";
import { useWords } from "../ui/words";

export function Checks({ checks }: { readonly checks: readonly Check[] }): JSX.Element {
  const words = useWords();
  const [isInFull, setInFull] = useState(false);
  return (
    <section aria-labelledby="checks">
      <h3 id="checks">{words.say("dash.checks")}</h3>
      <p>{words.say("dash.checksIntro")}</p>
      <p>
        <label class="switch">
          <input
            type="checkbox"
            checked={isInFull}
            onChange={({ currentTarget }) => setInFull(currentTarget.checked)}
          />{" "}
          {words.say("dash.checksDetail")}
        </label>
      </p>
      <CheckTable checks={checks} isInFull={isInFull} />
    </section>
  );
}
