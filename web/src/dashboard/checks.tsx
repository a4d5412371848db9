/** Every check by its name, with plain words, its verdict and what was found. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Check, Verdict } from "../trust/report";
import { type Key, useWords } from "../ui/words";

const SIGNS: Record<Verdict, string> = { pass: "✓", fail: "✗", pending: "…" };
const VERDICTS: Record<Verdict, Key> = {
  pass: "check.pass",
  fail: "check.fail",
  pending: "check.pending",
};

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
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{words.say("check.verdict")}</span>
            </th>
            <th scope="col">{words.say("check.what")}</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((each) => (
            <Row key={each.name} check={each} isInFull={isInFull} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly check: Check;
  readonly isInFull: boolean;
}

function Row({ check, isInFull }: RowProps): JSX.Element {
  const words = useWords();
  const { name, verdict, detail } = check;
  const isShown = detail && (isInFull || verdict !== "pass");
  return (
    <tr data-verdict={verdict} data-check={name}>
      <td class="sign">
        <span aria-hidden="true">{SIGNS[verdict]}</span>
        <span class="unseen">{words.say(VERDICTS[verdict])}</span>
      </td>
      <th scope="row">
        <span class="check-name">{words.maybe(`check.${name}`) ?? name}</span>
        <span class="check-words">{words.maybe(`check.words.${name}`) ?? ""}</span>
        {isShown && (
          <span class="check-detail" lang="en" dir="ltr">
            {detail}
          </span>
        )}
      </th>
    </tr>
  );
}
