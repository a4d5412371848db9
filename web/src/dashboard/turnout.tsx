/** How many took part, and when: as a line, with its numbers as a table beneath. */

import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Growth } from "../observer/ballot_box";
import type { BlockMark } from "../protocol/block_mark";
import { Say } from "../ui/say";
import { Time } from "../ui/time";
import { type Key, useWords, type Words } from "../ui/words";
import type { Look } from "./messages";
import type { ShownPoll } from "./shown";
import { isGood, type Standing } from "./standing";

/** Maximum rows of the table. */
const ROWS = 12;
const [WIDTH, HEIGHT] = [600, 160];

export function TurnoutPart({ standing }: { readonly standing: Standing }): JSX.Element | null {
  const words = useWords();
  const { look, said, saidBy } = standing;
  if (look && !isGood(look)) return null;
  const poll = look?.shown.poll ?? said?.poll;
  if (!poll) return null;
  // a file alone may leave ballots out, unless its result proves them
  const isVerified = look && (look.verdict === "pass" || look.shown.basis.nodes.length > 0);
  const phase = look?.shown.phase ?? said?.phase;
  return (
    <section aria-labelledby="turnout">
      <p class="over">
        {isVerified ? words.say("dash.verified") : words.say("dash.says", { name: saidBy })}
      </p>
      <h3 id="turnout">{words.say("dash.turnout")}</h3>
      <dl>
        <dt>{words.say("dash.phase")}</dt>
        <dd id="phase">{phase && words.say(`phase.${phase}` as Key)}</dd>
        <dt>{words.say("dash.opens")}</dt>
        <dd>
          <Time seconds={poll.opens} utc />
        </dd>
        <dt>{words.say("dash.closes")}</dt>
        <dd>
          <Time seconds={poll.closes} utc />
        </dd>
        <dt>{words.say("dash.voters")}</dt>
        <dd id="voters">{look ? verifiedVoters(look, words) : words.number(said?.voters ?? 0n)}</dd>
        <dt>{words.say("dash.weight")}</dt>
        <dd>{weightText(standing, words)}</dd>
        <dt>{words.say("dash.minimum")}</dt>
        <dd>{words.number(poll.minVoters)}</dd>
      </dl>
      {look && look.shown.growth.length > 0 && (
        <Line poll={poll} growth={look.shown.growth} mark={look.shown.basis.mark} />
      )}
    </section>
  );
}

function verifiedVoters({ shown }: Look, words: Words): string {
  const { voters = 0n, onRoll = null } = shown.turnout ?? {};
  if (onRoll === null) return words.say("dash.ofUnknown", { voters });
  const percent = words.percent(voters, onRoll);
  return words.say("dash.of", { part: voters, whole: onRoll, percent });
}

function weightText({ look, said }: Standing, words: Words): string {
  const [part, whole] = look?.shown.turnout
    ? [look.shown.turnout.weight, look.shown.turnout.totalWeight]
    : [said?.weight ?? 0n, said?.totalWeight ?? 0n];
  return words.say("dash.of", { part, whole, percent: words.percent(part, whole) });
}

interface LineProps {
  readonly poll: ShownPoll;
  readonly growth: readonly Growth[];
  readonly mark: BlockMark;
}

function Line({ poll, growth, mark }: LineProps): JSX.Element {
  const words = useWords();
  const id = useId();
  const { opens, closes } = poll;
  const top = growth.at(-1)?.voters ?? 0;
  const path = pathOf(growth, poll, mark.time);
  const step = Math.ceil(growth.length / ROWS);
  const rows = growth.filter((_, at) => (growth.length - 1 - at) % step === 0);
  return (
    <figure class="line">
      <figcaption>
        <Say of="dash.line" count={top} />
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={`${id}-title ${id}-desc`}
      >
        <title id={`${id}-title`}>{words.say("dash.line", { count: top })}</title>
        <desc id={`${id}-desc`}>
          {words.say("dash.lineDesc", { from: words.date(opens), to: words.date(closes) })}
        </desc>
        <path class="area" d={`${path}V${HEIGHT}Z`} />
        <path class="curve" d={path} vector-effect="non-scaling-stroke" />
        <path class="axis" d={`M0 ${HEIGHT}H${WIDTH}`} vector-effect="non-scaling-stroke" />
      </svg>
      <p class="ends" aria-hidden="true">
        <small>{words.date(opens)}</small>
        <small>{words.date(closes)}</small>
      </p>
      <details>
        <summary>{words.say("dash.lineTable")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.say("dash.until")}</th>
              <th scope="col" class="number">
                {words.say("dash.voters")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ time, voters }) => (
              <tr key={String(voters)}>
                <th scope="row">{words.date(time)}</th>
                <td class="number">{words.number(voters)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** Steps from the opening to the last block, up with every voter. What is after the close is cut off. */
function pathOf(growth: readonly Growth[], { opens, closes }: ShownPoll, end: bigint): string {
  const length = Number(closes - opens) || 1;
  const top = growth.at(-1)?.voters || 1;
  const x = (time: bigint): string => ((Number(time - opens) / length) * WIDTH).toFixed(1);
  const y = (voters: number): string => (HEIGHT - (voters / top) * (HEIGHT - 8)).toFixed(1);
  const steps = growth.map(({ time, voters }) => `H${x(time)}V${y(voters)}`).join("");
  return `M0 ${HEIGHT}${steps}H${x(end)}`;
}
