/** What came of an observation, part by part. */

import type { JSX } from "preact";
import type { Address } from "../protocol/addresses";
import { ErrorNotice, Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { useWords } from "../ui/words";
import { CataloguePolls } from "./catalogue_polls";
import { CeremonyPart } from "./ceremony";
import { Checks } from "./checks";
import { Finder } from "./finder";
import { Makers } from "./makers";
import { Results } from "./results";
import { isAlarm, isGood, type Standing } from "./standing";
import { Summary } from "./summary";
import { TurnoutPart } from "./turnout";
import type { Observing } from "./workers";

interface OutcomeProps {
  readonly standing: Standing;
  readonly observing: Observing | null;
  /** Checks another poll, of the catalogue with this address if it is known. */
  readonly onOpen: (poll: Address, catalogue: Address | null) => void;
  readonly onAgain: () => void;
}

export function Outcome({ standing, observing, onOpen, onAgain }: OutcomeProps): JSX.Element {
  const words = useWords();
  const { look, failure, said } = standing;
  const poll = look?.shown.poll ?? said?.poll ?? null;
  const isFromNodes = look !== null && look.shown.basis.nodes.length > 0;
  return (
    <article class="outcome" aria-labelledby="outcome">
      <h2 id="outcome">
        <bdi>{poll?.title ?? standing.what}</bdi>
      </h2>
      {failure ? (
        <div id="verdict" data-verdict="none">
          <Notice kind="warning" title={words.say("dash.none")} />
          <ErrorNotice told={words.toldOf(failure.name, failure.message)} />
          <p class="actions">
            <button type="button" onClick={onAgain}>
              {words.say("dash.again")}
            </button>
          </p>
        </div>
      ) : (
        <>
          {look ? <Summary look={look} isAlarm={isAlarm(standing)} /> : <Checking {...standing} />}
          <Following standing={standing} />
        </>
      )}
      {look?.shown.results && <Results {...look.shown} results={look.shown.results} />}
      {!failure && <TurnoutPart standing={standing} />}
      {look && isGood(look) && look.shown.ballots > 0 && (
        <Finder
          block={look.shown.basis.mark.number}
          finding={standing.finding}
          onFind={(tracker) => observing?.find(tracker)}
        />
      )}
      {look?.shown.ceremony && <CeremonyPart ceremony={look.shown.ceremony} look={look} />}
      {standing.checks.length > 0 && <Checks checks={standing.checks} />}
      {isFromNodes && look.shown.basis.catalogue && (
        <CataloguePolls
          polls={standing.polls}
          look={look}
          onList={() => observing?.listCatalogue()}
          onOpen={onOpen}
        />
      )}
      {isFromNodes && (
        <Makers blocks={standing.makers} look={look} onList={() => observing?.listMakers()} />
      )}
    </article>
  );
}

/** How far the first look is. */
function Checking({ ballots, blocks, said, checks }: Standing): JSX.Element {
  const words = useWords();
  const most = Number(said?.voters ?? 0);
  const read = blocks && blocks[1] > 0n ? Number((blocks[0] * 1000n) / blocks[1]) / 1000 : null;
  const text = ballots
    ? words.say("dash.checkingBallots", { count: ballots })
    : words.say("dash.checking", { count: checks.length });
  return (
    <div id="verdict" data-verdict="checking">
      <Progress text={text} done={ballots && most ? Math.min(1, ballots / most) : read} />
    </div>
  );
}

/** What a reader of a poll that is followed must know: that it is, that a node is lost or stands still. */
function Following({ standing }: { readonly standing: Standing }): JSX.Element | null {
  const words = useWords();
  const { look, lost, still } = standing;
  if (!look || look.isLast) return null;
  const { mark } = look.shown.basis;
  return (
    <>
      <p class="faint" id="following">
        {words.say("dash.following", { block: mark.number, date: words.date(mark.time) })}
      </p>
      {look.isReorganised && (
        <div role="alert" id="reorganised">
          <Notice kind="warning">
            <p>{words.say("dash.reorganised")}</p>
          </Notice>
        </div>
      )}
      {still !== null && (
        <div role="alert" id="still">
          <Notice kind="warning" title={words.say("dash.still", { count: Math.floor(still) })}>
            <p>{words.say("dash.stillDo")}</p>
          </Notice>
        </div>
      )}
      {lost && (
        <div id="lost">
          <Notice kind="warning" title={words.say("dash.lost")} />
          <ErrorNotice told={words.toldOf(lost.name, lost.message)} />
        </div>
      )}
    </>
  );
}
