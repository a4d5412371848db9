/** Who holds the key: the trustees by name, and what each has done. */

import type { JSX } from "preact";
import { Say } from "../ui/say";
import { useWords } from "../ui/words";
import type { Look } from "./messages";
import type { ShownCeremony } from "./shown";
import { isGood } from "./standing";

interface CeremonyProps {
  readonly ceremony: ShownCeremony;
  readonly look: Look;
}

export function CeremonyPart({ ceremony, look }: CeremonyProps): JSX.Element {
  const words = useWords();
  const { phase } = look.shown;
  const hasShares = phase === "closed" || phase === "tallied";
  const mark = (is: boolean): JSX.Element => (
    <td class="sign">
      <span aria-hidden="true">{is ? "✓" : "–"}</span>
      <span class="unseen">{words.say(is ? "dash.done" : "dash.notDone")}</span>
    </td>
  );
  return (
    <section aria-labelledby="ceremony">
      {!isGood(look) && <p class="over">{words.say("dash.unverified")}</p>}
      <h3 id="ceremony">{words.say("dash.ceremony")}</h3>
      <p>
        <Say
          of="dash.threshold"
          count={ceremony.trustees.length}
          values={{
            name: <bdi>{ceremony.name ?? ceremony.board}</bdi>,
            threshold: words.number(ceremony.threshold),
          }}
        />
      </p>
      <div class="scroll">
        <table class="trustees">
          <thead>
            <tr>
              <th scope="col">{words.say("dash.trustee")}</th>
              <th scope="col">{words.say("dash.dealt")}</th>
              <th scope="col">{words.say("dash.confirmed")}</th>
              {hasShares && <th scope="col">{words.say("dash.shared")}</th>}
            </tr>
          </thead>
          <tbody>
            {ceremony.trustees.map((each) => (
              <tr key={each.account}>
                <th scope="row">
                  <bdi>{each.name ?? "–"}</bdi>
                  <code class="under">{each.account}</code>
                </th>
                {mark(each.hasDealt)}
                {mark(each.hasConfirmed)}
                {hasShares && mark(each.hasShared)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
