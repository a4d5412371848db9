/** One question of the poll, as fields of a form. No answer is ever chosen beforehand. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Question } from "../crypto/questions";
import type { QuestionTexts } from "../protocol/content";
import { type Doubt, doubts } from "../protocol/lookalikes";
import { Notice } from "../ui/notice";
import { useWords, type Words } from "../ui/words";
import {
  type Answer,
  allowsNothing,
  chooseOne,
  type Fault,
  faultOf,
  formOf,
  give,
  giveNothing,
  ruleOf,
  totalOf,
} from "./answers";
import { Heading } from "./heading";

interface QuestionScreenProps {
  readonly index: number;
  readonly count: number;
  readonly texts: QuestionTexts;
  readonly question: Question;
  readonly answer: Answer;
  /** Why its text can be taken for that of another question. */
  readonly doubts: readonly Doubt[];
  readonly onAnswer: (answer: Answer) => void;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** The rule of a question, in words. */
function ruleText(words: Words, question: Question): string {
  const { name, limit, least, most } = ruleOf(question);
  return words.say(`booth.rule.${name}`, { count: most, limit, least, most });
}

function faultText(words: Words, fault: Fault): string {
  switch (fault.name) {
    case "missing":
      return words.say("booth.fault.missing");
    case "number":
      return words.say("booth.fault.number", { most: fault.most });
    case "few":
      return words.say("booth.fault.few", { count: fault.given, least: fault.least });
    case "many":
      return words.say("booth.fault.many", { count: fault.given, most: fault.most });
  }
}

export function QuestionScreen(props: QuestionScreenProps): JSX.Element {
  const { index, count, texts, question, answer, onAnswer, onBack, onNext } = props;
  const words = useWords();
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const fault = faultOf(answer, question);
  const ofOptions = useMemo(() => doubts(texts.options), [texts]);
  const shown = tried || fault?.name === "number" || fault?.name === "many" ? fault : null;
  useEffect(() => {
    if (tried && fault) form.current?.querySelector<HTMLElement>("[aria-invalid], input")?.focus();
  }, [tried]);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null) onNext();
        else setTried(true);
      }}
    >
      <Heading over={words.say("booth.question.of", { number: index + 1, all: count })}>
        <bdi>{texts.text}</bdi>
      </Heading>
      <Doubts found={props.doubts} />
      <fieldset aria-describedby={`rule${shown ? " fault" : ""}`}>
        <legend class="unseen">
          <bdi>{texts.text}</bdi>
        </legend>
        <p class="rule" id="rule">
          {ruleText(words, question)}
        </p>
        <Doubts found={ofOptions} />
        <div class="options">
          <Options {...props} fault={shown} isNumbered={ofOptions.length > 0} />
          {allowsNothing(question) && (
            <Choice
              kind={formOf(question) === "radios" ? "radio" : "checkbox"}
              isOn={answer.isNothing}
              onChange={(isOn) => onAnswer(giveNothing(answer, isOn))}
            >
              <em>{words.say("booth.question.nothing")}</em>
            </Choice>
          )}
        </div>
        <Counter question={question} answer={answer} />
        {shown && (
          <p class="fault" id="fault" role="alert">
            {faultText(words, shown)}
          </p>
        )}
      </fieldset>
      <p class="actions">
        <button type="button" onClick={onBack}>
          {words.say("booth.back")}
        </button>
        <button type="submit" class="main">
          {words.say("booth.next")}
        </button>
      </p>
    </form>
  );
}

/** What can be taken for something else: its number tells which is meant. */
function Doubts({ found }: { readonly found: readonly Doubt[] }): JSX.Element | null {
  const words = useWords();
  if (!found.length) return null;
  return (
    <Notice kind="warning">
      {found.map((each) => (
        <p key={each.index}>
          {each.name === "like"
            ? words.say("booth.question.like", { number: each.index + 1, other: each.other + 1 })
            : words.say("booth.question.mixed", { number: each.index + 1 })}
        </p>
      ))}
    </Notice>
  );
}

interface ChoiceProps {
  readonly kind: "radio" | "checkbox";
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ComponentChildren;
}

function Choice({ kind, isOn, onChange, children }: ChoiceProps): JSX.Element {
  return (
    <label class="option">
      <input
        type={kind}
        name="option"
        checked={isOn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {children}
    </label>
  );
}

/** An option, with its number if others look like it. */
function Named({ option, number }: { option: string; number: number | null }): JSX.Element {
  return (
    <span>
      {number !== null && `${number}. `}
      <bdi>{option}</bdi>
    </span>
  );
}

type OptionsProps = Pick<QuestionScreenProps, "texts" | "question" | "answer" | "onAnswer"> & {
  readonly fault: Fault | null;
  readonly isNumbered: boolean;
};

function Options({ texts, question, answer, onAnswer, ...props }: OptionsProps): JSX.Element {
  const form = formOf(question);
  if (form === "scores") {
    return (
      <>
        {texts.options.map((option, at) => (
          <label class="option" key={option}>
            <Named option={option} number={props.isNumbered ? at + 1 : null} />
            <input
              type="text"
              class="score"
              inputMode="numeric"
              autocomplete="off"
              maxLength={3}
              value={answer.given[at]}
              aria-describedby="rule"
              aria-invalid={
                props.fault?.name === "number" && props.fault.option === at ? true : undefined
              }
              onInput={({ currentTarget }) => onAnswer(give(answer, at, currentTarget.value))}
            />
          </label>
        ))}
      </>
    );
  }
  return (
    <>
      {texts.options.map((option, at) => (
        <Choice
          key={option}
          kind={form === "radios" ? "radio" : "checkbox"}
          isOn={answer.given[at] === "1"}
          onChange={(isOn) =>
            onAnswer(form === "radios" ? chooseOne(answer, at) : give(answer, at, isOn ? "1" : ""))
          }
        >
          <Named option={option} number={props.isNumbered ? at + 1 : null} />
        </Choice>
      ))}
    </>
  );
}

/** How much is given so far, where that is not seen at a glance. */
function Counter({
  question,
  answer,
}: Pick<OptionsProps, "question" | "answer">): JSX.Element | null {
  const words = useWords();
  if (formOf(question) === "radios" || !question.provesTotal) return null;
  const given = totalOf(answer);
  const { maxScore, maxTotal: most } = question;
  const key = maxScore > 1 ? "booth.counter.points" : "booth.counter.chosen";
  return (
    <p class="counter" role="status" data-over={given > most}>
      {words.say(key, { given, most, count: most })}
    </p>
  );
}
