/** All answers once more, with a way back to each. */

import type { JSX } from "preact";
import type { Question } from "../crypto/questions";
import type { QuestionTexts } from "../protocol/content";
import { Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { useWords } from "../ui/words";
import { type Answer, formOf, scoresOf } from "./answers";
import { Forget } from "./forget";
import { Heading } from "./heading";
import { Trouble, type WaysFormProps } from "./opening";

interface ReviewScreenProps {
  readonly texts: readonly QuestionTexts[];
  readonly questions: readonly Question[];
  readonly answers: readonly Answer[];
  readonly isUnlocked: boolean;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly ways: WaysFormProps;
  readonly onChange: (question: number) => void;
  readonly onBack: () => void;
  readonly onNext: () => void;
  readonly onForget: () => void;
}

export function ReviewScreen(props: ReviewScreenProps): JSX.Element {
  const { texts, questions, answers, isUnlocked, isBusy, error } = props;
  const words = useWords();
  return (
    <>
      <Heading>{words.say("booth.review.title")}</Heading>
      <div class="answers">
        {texts.map((each, at) => (
          <section key={each.text} aria-labelledby={`answer-${at}`}>
            <h2 id={`answer-${at}`}>
              <bdi>{each.text}</bdi>
            </h2>
            <Given
              texts={each}
              question={questions[at] as Question}
              scores={scoresOf(answers[at] as Answer)}
            />
            <p>
              <button
                type="button"
                class="plain"
                onClick={() => props.onChange(at)}
                disabled={isBusy}
              >
                {words.say("booth.review.change")}
                <span class="unseen">
                  {" "}
                  <bdi>{each.text}</bdi>
                </span>
              </button>
            </p>
          </section>
        ))}
      </div>
      <Trouble error={error} ways={props.ways} />
      {isBusy && <Progress text={words.say("booth.decide.busy")} done={null} />}
      {!isUnlocked && (
        <Notice kind="note">
          <p>{words.say("booth.review.locked")}</p>
        </Notice>
      )}
      <p class="hint">{words.say("booth.review.hint")}</p>
      <p class="actions">
        <button type="button" onClick={props.onBack} disabled={isBusy}>
          {words.say("booth.back")}
        </button>
        <button type="button" class="main" onClick={props.onNext} disabled={isBusy}>
          {words.say(isUnlocked ? "booth.review.do" : "booth.review.unlock")}
        </button>
      </p>
      {!isBusy && <Forget onForget={props.onForget} />}
    </>
  );
}

interface GivenProps {
  readonly texts: QuestionTexts;
  readonly question: Question;
  readonly scores: readonly number[];
}

/** What an answer gives, in words. */
function Given({ texts, question, scores }: GivenProps): JSX.Element {
  const words = useWords();
  const given = texts.options
    .map((option, at) => [option, scores[at] ?? 0] as const)
    .filter(([, score]) => score > 0);
  if (!given.length) {
    return (
      <p>
        <em>{words.say("booth.review.nothing")}</em>
      </p>
    );
  }
  const isScored = formOf(question) === "scores";
  return (
    <ul class="given">
      {given.map(([option, score]) => (
        <li key={option}>
          <bdi>{option}</bdi>
          {isScored && <strong> {words.number(score)}</strong>}
        </li>
      ))}
    </ul>
  );
}
