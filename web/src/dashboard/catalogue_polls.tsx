/** The polls of the catalogue that made the checked one, as a node says. */

import type { JSX } from "preact";
import type { Address } from "../protocol/addresses";
import { ErrorNotice } from "../ui/notice";
import { type Key, useWords } from "../ui/words";
import type { Failure, Look } from "./messages";
import type { CataloguePoll } from "./shown";
import { isFailure, isGood } from "./standing";

interface CataloguePollsProps {
  readonly polls: readonly CataloguePoll[] | Failure | null;
  readonly look: Look;
  readonly onList: () => void;
  readonly onOpen: (poll: Address, catalogue: Address | null) => void;
}

export function CataloguePolls({ polls, look, onList, onOpen }: CataloguePollsProps): JSX.Element {
  const words = useWords();
  const { basis } = look.shown;
  // a poll hash that was told shows which catalogue is the officials'
  const isKnown = isGood(look) && (basis.isTold || basis.isNamed);
  return (
    <section aria-labelledby="polls">
      {polls && <p class="over">{words.say("dash.says", { name: basis.nodes[0] ?? "" })}</p>}
      <h3 id="polls">{words.say("dash.polls")}</h3>
      <p>{words.say(isKnown ? "dash.pollsKnown" : "dash.pollsUnknown")}</p>
      {!polls && (
        <button type="button" onClick={onList}>
          {words.say("dash.pollsList")}
        </button>
      )}
      {polls && isFailure(polls) && <ErrorNotice told={words.toldOf(polls.name, polls.message)} />}
      {polls && !isFailure(polls) && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.say("dash.poll")}</th>
                <th scope="col">{words.say("dash.phase")}</th>
                <th scope="col" class="number">
                  {words.say("dash.voters")}
                </th>
              </tr>
            </thead>
            <tbody>
              {polls.map((each) => (
                <tr key={each.address}>
                  <th scope="row">
                    <button
                      type="button"
                      class="plain"
                      onClick={() => onOpen(each.address, isKnown ? basis.catalogue : null)}
                    >
                      <bdi>{each.title ?? each.address}</bdi>
                    </button>
                  </th>
                  <td>
                    {words.say(`phase.${each.phase}` as Key)}
                    <small class="under">{words.date(each.closes)}</small>
                  </td>
                  <td class="number">{words.number(each.voters)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
