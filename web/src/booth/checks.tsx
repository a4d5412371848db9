/** The checks that were made, as a short list that opens to what was found. */

import type { JSX } from "preact";
import type { Check } from "../trust/report";
import { useWords } from "../ui/words";

interface ChecksProps {
  readonly checks: readonly Check[];
  readonly isOpen?: boolean;
}

export function Checks({ checks, isOpen = false }: ChecksProps): JSX.Element {
  const words = useWords();
  return (
    <details open={isOpen}>
      <summary>{words.say("booth.checks", { count: checks.length })}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.say("booth.checks.name")}</th>
              <th scope="col">{words.say("booth.checks.found")}</th>
            </tr>
          </thead>
          <tbody>
            {checks.map(({ name, verdict, detail }) => (
              <tr key={name} data-verdict={verdict}>
                <th scope="row">
                  {words.maybe(`check.${name}`) ?? <span lang="en">{name}</span>}
                </th>
                <td lang="en" dir="ltr">
                  {detail}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
