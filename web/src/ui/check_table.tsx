/** Checks by their names, with plain words, their verdicts and what was found. */

import type { JSX } from "preact";
import { type Key, useWords } from "./words";

interface Check {
  readonly name: string;
  readonly verdict: "pass" | "fail" | "pending";
  readonly detail: string;
}

const SIGNS: Record<Check["verdict"], string> = { pass: "✓", fail: "✗", pending: "…" };
const VERDICTS: Record<Check["verdict"], Key> = {
  pass: "check.pass",
  fail: "check.fail",
  pending: "check.pending",
};

interface CheckTableProps {
  readonly checks: readonly Check[];
  /** Whether what was found is shown for checks that passed, too. */
  readonly isInFull: boolean;
}

export function CheckTable({ checks, isInFull }: CheckTableProps): JSX.Element {
  const words = useWords();
  return (
    <table>
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
