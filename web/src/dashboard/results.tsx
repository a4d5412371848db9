/** The result of a poll, which every check has passed: as bars, numbers and sentences. */

import type { JSX } from "preact";
import {
  largest,
  type OptionFigures,
  type Part,
  type QuestionFigures,
  type Quorum,
} from "../protocol/figures";
import { Say } from "../ui/say";
import { type Key, useWords, type Words } from "../ui/words";

interface ResultsProps {
  readonly results: readonly QuestionFigures[];
  readonly quorum: Quorum | null;
}

export function Results({ results, quorum }: ResultsProps): JSX.Element {
  const words = useWords();
  return (
    <section aria-labelledby="results">
      <p class="over">{words.say("dash.verified")}</p>
      <h3 id="results">{words.say("dash.results")}</h3>
      {results.map((each) => (
        <Question key={each.question} figures={each} isMissed={quorum?.isMet === false} />
      ))}
      {quorum && (
        <p id="quorum">
          <Say
            of={quorum.isMet ? "dash.quorumMet" : "dash.quorumMissed"}
            values={{
              rule: <bdi>{quorum.rule.text}</bdi>,
              needed: words.number(quorum.needed),
              whole: words.number(quorum.whole),
            }}
          />
        </p>
      )}
    </section>
  );
}

const UNITS: Record<QuestionFigures["unit"], Key> = {
  votes: "dash.votes",
  points: "dash.points",
  score: "dash.score",
};
const PARTS: Record<NonNullable<QuestionFigures["partsOf"]>, Key> = {
  votes: "dash.ofVotes",
  points: "dash.ofPoints",
  ballots: "dash.ofBallots",
};

interface QuestionProps {
  readonly figures: QuestionFigures;
  /** Whether a quorum was asked for and is missed. */
  readonly isMissed: boolean;
}

function Question({ figures, isMissed }: QuestionProps): JSX.Element {
  const words = useWords();
  const { question, unit, partsOf, options } = figures;
  const most = largest(options.map((each) => each.score));
  return (
    <>
      <table class="result">
        <caption>
          <bdi>{question}</bdi>
        </caption>
        <thead>
          <tr>
            <th scope="col">{words.say("dash.option")}</th>
            <th scope="col" class="number">
              {words.say(UNITS[unit])}
            </th>
            <th scope="col" class="number">
              {words.say(partsOf ? PARTS[partsOf] : "dash.mean")}
            </th>
          </tr>
        </thead>
        <tbody>
          {options.map((each) => (
            <tr key={each.option} data-most={each.hasMost}>
              <th scope="row">
                <bdi>{each.option}</bdi>
                <Bar figures={each} most={most} />
              </th>
              <td class="number">{words.number(each.score)}</td>
              <td class="number">{partText(each, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Sentences figures={figures} isMissed={isMissed} />
    </>
  );
}

/** A bar in proportion to a score; all of a question have one scale. */
function Bar({ figures, most }: { figures: OptionFigures; most: bigint }): JSX.Element {
  const width = most ? Number((figures.score * 1000n) / most) / 10 : 0;
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width={figures.score ? Math.max(width, 0.5) : 0} height="4" />
    </svg>
  );
}

function partText({ part, mean }: OptionFigures, words: Words): string {
  if (part) return words.percent(...part);
  return mean ? quotient(mean).toLocaleString(words.language, MEAN) : "–";
}

const MEAN = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

const quotient = ([part, whole]: Part): number => Number(part) / Number(whole);

/** What follows from the scores: who has most, and what passes. */
function Sentences({ figures, isMissed }: QuestionProps): JSX.Element {
  const words = useWords();
  const { options, rule } = figures;
  const leaders = options.filter((each) => each.hasMost);
  const passed = options.filter((each) => each.passes);
  const got = words.number(leaders[0]?.score ?? 0n);
  const led = leaders.length > 1 ? "dash.tie" : leaders.length ? "dash.most" : "dash.nothing";
  return (
    <p>
      <Say of={led} values={{ names: <Names of={leaders} />, got }} />{" "}
      {rule && (
        <>
          <Say
            of="dash.needed"
            values={{
              rule: <bdi>{rule.rule.text}</bdi>,
              needed: words.number(rule.needed),
              whole: words.number(rule.whole),
            }}
          />{" "}
          <Say
            of={passed.length ? (isMissed ? "dash.wouldPass" : "dash.passes") : "dash.nonePasses"}
            values={{ names: <Names of={passed} /> }}
          />
        </>
      )}{" "}
      {options.some((each) => each.isBlank) && (
        <Say
          of="dash.blank"
          values={{ name: <Names of={options.filter((each) => each.isBlank)} /> }}
        />
      )}
    </p>
  );
}

function Names({ of }: { readonly of: readonly OptionFigures[] }): JSX.Element {
  return (
    <>
      {of.map(({ option }, at) => (
        <>
          {at > 0 && ", "}
          <q>
            <bdi>{option}</bdi>
          </q>
        </>
      ))}
    </>
  );
}
