/** The voter's way through an open poll, step by step. */

import type { JSX } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { type Bytes, bytesOf, hex } from "../bytes";
import { WrongTracker } from "../errors";
import type { Signer } from "../keys/signer";
import { doubts } from "../protocol/lookalikes";
import { Notice } from "../ui/notice";
import { Steps } from "../ui/steps";
import { untilClosed } from "../ui/storage";
import { type Key, useWords } from "../ui/words";
import { AuditScreen } from "./audit_screen";
import { type Casting, prepare, sign } from "./casting";
import { DecideScreen } from "./decide_screen";
import type { DeskLine } from "./desk_line";
import { draftOf, flowOf } from "./draft";
import { type Action, type Flow, next, type Place, type Step, scoresOfAll } from "./flow";
import { KeyScreen } from "./key_screen";
import type { Opened, WaysFormProps } from "./opening";
import { PollScreen } from "./poll_screen";
import { QuestionScreen } from "./question_screen";
import { ReviewScreen } from "./review_screen";
import type { Entitled } from "./roll";
import { SentScreen } from "./sent_screen";
import { useIdle } from "./use_idle";
import { useOtherTabs } from "./use_other_tabs";
import { usePlace } from "./use_place";
import { useWork } from "./use_work";

interface VotingProps extends WaysFormProps {
  readonly opened: Opened;
  readonly desk: DeskLine;
  readonly checkHref: string;
}

/** The steps as the voter counts them. */
const SHOWN: readonly (readonly [Key, readonly Step[]])[] = [
  ["booth.step.poll", ["poll"]],
  ["booth.step.key", ["key"]],
  ["booth.step.questions", ["questions"]],
  ["booth.step.review", ["review"]],
  ["booth.step.decide", ["decide", "audit"]],
  ["booth.step.sent", ["sent"]],
];

const at = (step: Step, question = 0): Place => ({ step, question });

export function Voting(props: VotingProps): JSX.Element {
  const { opened, desk, checkHref } = props;
  const { definition, ways } = opened;
  const { questions } = definition;
  const words = useWords();
  const draft = `draft.${hex(definition.hash)}`;
  const [flow, dispatch] = useReducer(
    (before: Flow, action: Action) => next(before, action, questions),
    null,
    () => flowOf(untilClosed.get(draft), questions),
  );
  const [signer, setSigner] = useState<Signer | null>(null);
  const [entitled, setEntitled] = useState<Entitled | null>(null);
  const { isBusy, error, run } = useWork();
  useEffect(() => void untilClosed.set(draft, draftOf(flow)), [flow]);
  const latest = useRef(flow);
  latest.current = flow;
  const isCasting = isBusy && flow.place.step === "decide";
  // a wallet may be asked still: what it signs is for the ballot that is shown
  usePlace(flow.place, (place) => dispatch({ kind: "go", place: isCasting ? flow.place : place }));
  const tellTabs = useOtherTabs(definition.hash, (voter, elsewhere) => {
    if (voter === flow.account) dispatch({ kind: "elsewhere", elsewhere });
  });
  const lock = (): void => {
    setSigner(null);
    setEntitled(null);
    dispatch({ kind: "lock" });
  };
  useIdle(signer !== null, lock);

  const casting: Casting = { poll: definition, ways, desk };
  const go = (step: Step, question = 0): void =>
    dispatch({ kind: "go", place: at(step, question) });
  const onReviewed = (): void => {
    if (!entitled || !signer) go("key");
    else
      run(async () => {
        const { answers, elsewhere } = flow;
        const prepared = await prepare(casting, entitled, scoresOfAll(flow), elsewhere);
        dispatch({ kind: "prepare", prepared, answers, account: entitled.voter });
      });
  };
  const onCast = (): void => {
    const { prepared } = flow;
    if (!prepared) return;
    if (!entitled || !signer) {
      go("key");
      return;
    }
    run(async () => {
      try {
        const sent = await sign(casting, entitled, prepared, signer);
        if (latest.current.prepared?.tracker !== sent.tracker) return;
        dispatch({ kind: "send", sent });
        tellTabs(entitled.voter, sent);
        lock();
      } catch (caught) {
        // the ballot would replace another than the one that counts: it is made anew
        if (caught instanceof WrongTracker) {
          const elsewhere = { tracker: String(caught.values[0]), deadline: null };
          dispatch({ kind: "elsewhere", elsewhere });
        }
        throw caught;
      }
    });
  };
  const onForget = (): void => {
    lock();
    dispatch({ kind: "forget" });
  };
  const onAudit = (): void => {
    const { prepared } = flow;
    if (!prepared) return;
    run(async () => {
      const tracker = bytesOf(prepared.tracker.slice(2)) as Bytes;
      dispatch({ kind: "audit", text: await desk.ask("audit", { tracker }) });
    });
  };

  const isOver = opened.seen.phase !== "open" && !flow.sent;
  const { step, question } = isOver ? at("poll") : flow.place;
  return (
    <>
      <Steps
        names={SHOWN.map(([key]) => words.say(key))}
        at={SHOWN.findIndex(([, steps]) => steps.includes(step))}
      />
      {flow.elsewhere && step !== "sent" && (
        <Notice kind="warning">
          <p>{words.say("booth.elsewhere")}</p>
        </Notice>
      )}
      {step === "poll" && <PollScreen {...props} onGo={() => go("review")} />}
      {step === "key" && (
        <KeyScreen
          opened={opened}
          desk={desk}
          account={flow.account}
          before={signer && entitled && { signer, entitled }}
          ways={props}
          onBack={() => go("poll")}
          onSigner={(found, own) => {
            setSigner(found);
            setEntitled(own);
            dispatch({ kind: "unlock", account: own.voter });
          }}
        />
      )}
      {step === "questions" && (
        <QuestionStep key={question} opened={opened} flow={flow} dispatch={dispatch} onGo={go} />
      )}
      {step === "review" && (
        <ReviewScreen
          texts={opened.texts.questions}
          questions={questions.items}
          answers={flow.answers}
          isUnlocked={flow.isUnlocked}
          isBusy={isBusy}
          error={error}
          ways={props}
          onChange={(index) => go("questions", index)}
          onBack={() => go("questions", questions.items.length - 1)}
          onNext={onReviewed}
          onForget={onForget}
        />
      )}
      {step === "decide" && flow.prepared && (
        <DecideScreen
          prepared={flow.prepared}
          isCarried={ways.relay === null}
          isBusy={isBusy}
          error={error}
          ways={props}
          onCast={onCast}
          onAudit={onAudit}
          onBack={() => go("review")}
        />
      )}
      {step === "audit" && flow.audited && (
        <AuditScreen desk={desk} audited={flow.audited} onNext={() => go("review")} />
      )}
      {step === "sent" && flow.sent && (
        <SentScreen
          opened={opened}
          sent={flow.sent}
          checkHref={checkHref}
          onCount={(counted) => dispatch({ kind: "count", counted })}
          onAgain={() => dispatch({ kind: "again" })}
          onRenew={() => dispatch({ kind: "renew" })}
          onForget={onForget}
        />
      )}
    </>
  );
}

interface QuestionStepProps {
  readonly opened: Opened;
  readonly flow: Flow;
  readonly dispatch: (action: Action) => void;
  readonly onGo: (step: Step, question?: number) => void;
}

function QuestionStep({ opened, flow, dispatch, onGo }: QuestionStepProps): JSX.Element {
  const { question: index } = flow.place;
  const { items } = opened.definition.questions;
  const isLast = index === items.length - 1;
  const names = opened.texts.questions.map((each) => each.text);
  return (
    <QuestionScreen
      index={index}
      count={items.length}
      texts={opened.texts.questions[index] as never}
      question={items[index] as never}
      answer={flow.answers[index] as never}
      doubts={doubts(names).filter((each) => each.index === index)}
      onAnswer={(answer) => dispatch({ kind: "answer", question: index, answer })}
      onBack={() => (index ? onGo("questions", index - 1) : onGo("key"))}
      onNext={() => (isLast ? onGo("review") : onGo("questions", index + 1))}
    />
  );
}
