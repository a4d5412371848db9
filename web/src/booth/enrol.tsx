/** Enrolment: the code of a letter binds a key, which votes later (docs/enrolment.md). */

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Code } from "../enrolment/codes";
import { type EnrolmentHead, Service } from "../enrolment/service";
import { InvalidCode, known } from "../errors";
import type { Signer } from "../keys/signer";
import type { Address } from "../protocol/addresses";
import { Copy } from "../ui/copy";
import { Field } from "../ui/field";
import { ErrorNotice, Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { Say } from "../ui/say";
import { Time } from "../ui/time";
import { useWords } from "../ui/words";
import { Heading } from "./heading";
import { KeyChoice } from "./key_choice";
import { useWork } from "./use_work";

interface EnrolProps {
  /** The URL of the enrolment. */
  readonly at: string;
  /** The code of the letter, if the link has it. */
  readonly code: string;
}

export function Enrol({ at, code }: EnrolProps): JSX.Element {
  const words = useWords();
  const service = useMemo(() => serviceAt(at), [at]);
  // the code is a secret: the browser's history need not have it
  useEffect(() => history.replaceState(history.state, "", `#at=${at}`), [at]);
  if (service instanceof Service) return <Enrolment service={service} code={code} />;
  return (
    <>
      <Heading>{words.say("page.titleBroken")}</Heading>
      <ErrorNotice told={words.told(service)} />
    </>
  );
}

function serviceAt(at: string): Service | Error {
  try {
    return new Service(at);
  } catch (error) {
    return known(error);
  }
}

interface EnrolmentProps {
  readonly service: Service;
  readonly code: string;
}

/** Asks the service what this enrolment is, before anything is typed. */
function Enrolment({ service, code }: EnrolmentProps): JSX.Element {
  const words = useWords();
  const [head, setHead] = useState<EnrolmentHead | null>(null);
  const { isBusy, error, run } = useWork();
  const ask = (): void => run(async () => setHead(await service.head()));
  useEffect(ask, [service]);
  if (head) return <Way service={service} typed={code} head={head} />;
  const asking = words.say("enrol.asking", { relay: service.relay.name });
  return (
    <>
      <h1>{words.say("page.titleEnrol")}</h1>
      {isBusy && <Progress text={asking} done={null} />}
      {error !== null && (
        <>
          <ErrorNotice told={words.told(error)} />
          <p class="actions">
            <button type="button" class="main" onClick={ask}>
              {words.say("booth.again")}
            </button>
          </p>
        </>
      )}
    </>
  );
}

interface WayProps {
  readonly service: Service;
  readonly typed: string;
  readonly head: EnrolmentHead;
}

/** Code, key, and what binds them. */
function Way({ service, typed, head }: WayProps): JSX.Element {
  const [code, setCode] = useState<Code | null>(null);
  const [signer, setSigner] = useState<Signer | null>(null);
  const [isBound, setBound] = useState(false);
  if (isBound && signer) return <Done service={service} head={head} account={signer.account} />;
  if (code && signer) {
    const onBack = (): void => setSigner(null);
    const props = { service, code, signer, onBack, onBound: () => setBound(true) };
    return <Confirm {...props} />;
  }
  if (code) return <KeyStep onBack={() => setCode(null)} onSigner={setSigner} />;
  return <CodeStep head={head} typed={typed} onCode={setCode} />;
}

interface CodeStepProps {
  readonly head: EnrolmentHead;
  readonly typed: string;
  readonly onCode: (code: Code) => void;
}

function CodeStep({ head, typed, onCode }: CodeStepProps): JSX.Element {
  const words = useWords();
  const [text, setText] = useState(typed);
  const [error, setError] = useState<unknown>(null);
  return (
    <>
      <Heading over={words.say("enrol.over")}>
        <bdi>{head.title}</bdi>
      </Heading>
      <dl>
        <dt>{words.say("enrol.until")}</dt>
        <dd>
          <Time seconds={head.until} utc />
        </dd>
        <dt>{words.say("enrol.count")}</dt>
        <dd>{words.say("enrol.counted", { count: head.enrolled, all: head.codes })}</dd>
      </dl>
      {!head.isOpen && (
        <Notice kind="bad">
          <p>{words.say("enrol.closed")}</p>
        </Notice>
      )}
      {head.isOpen && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            try {
              onCode(Code.parse(text));
            } catch (caught) {
              setError(known(caught));
            }
          }}
        >
          <Field
            label={words.say("enrol.code")}
            hint={words.say("enrol.codeHint")}
            control={(props) => (
              <input
                {...props}
                class="code"
                required
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                dir="ltr"
                value={text}
                onInput={({ currentTarget }) => {
                  setText(currentTarget.value);
                  setError(null);
                }}
              />
            )}
          />
          {error !== null && <ErrorNotice told={words.told(error)} />}
          {error instanceof InvalidCode && error.group !== null && (
            <p class="fault">{words.say("enrol.group", { group: error.group })}</p>
          )}
          <p class="actions">
            <button type="submit" class="main">
              {words.say("booth.next")}
            </button>
          </p>
        </form>
      )}
    </>
  );
}

interface KeyStepProps {
  readonly onBack: () => void;
  readonly onSigner: (signer: Signer) => void;
}

function KeyStep({ onBack, onSigner }: KeyStepProps): JSX.Element {
  const words = useWords();
  const { isBusy, error, progress, run } = useWork();
  return (
    <>
      <Heading over={words.say("enrol.over")}>{words.say("enrol.key")}</Heading>
      <p>{words.say("enrol.keyWhat")}</p>
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {isBusy && <Progress text={words.say("booth.key.busy")} done={progress} />}
      <div hidden={isBusy}>
        <KeyChoice
          chain={null}
          onOpen={(open) => run(async (onProgress) => onSigner(await open(onProgress)))}
        />
      </div>
      <p class="actions">
        <button type="button" onClick={onBack} disabled={isBusy}>
          {words.say("booth.back")}
        </button>
      </p>
    </>
  );
}

interface ConfirmProps {
  readonly service: Service;
  readonly code: Code;
  readonly signer: Signer;
  readonly onBack: () => void;
  readonly onBound: () => void;
}

function Confirm({ service, code, signer, onBack, onBound }: ConfirmProps): JSX.Element {
  const words = useWords();
  /** The address that the letter is bound to; null as long as it is none. */
  const [taken, setTaken] = useState<Address | null>(null);
  const { isBusy, error, run } = useWork();
  const enrol = (): void =>
    run(async () => {
      const bound = await service.enrol(code, signer, ({ voter }) => {
        setTaken(voter);
        return voter === taken; // what the voter was shown, and nothing else, is replaced
      });
      if (bound) onBound();
    });
  return (
    <>
      <Heading over={words.say("enrol.over")}>{words.say("enrol.confirm")}</Heading>
      <p>{words.say("enrol.confirmWhat")}</p>
      <p>
        <code class="tracker" dir="ltr">
          {signer.account}
        </code>
      </p>
      {taken && (
        <Notice kind="warning" title={words.say("enrol.taken")}>
          <p>
            <Say of="enrol.takenWhat" values={{ account: <code dir="ltr">{taken}</code> }} />
          </p>
        </Notice>
      )}
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {isBusy && (
        <Progress text={words.say("enrol.busy", { relay: service.relay.name })} done={null} />
      )}
      <p class="actions">
        <button type="button" onClick={onBack} disabled={isBusy}>
          {words.say("booth.back")}
        </button>
        <button type="button" class="main" onClick={enrol} disabled={isBusy}>
          {words.say(taken ? "enrol.replace" : "enrol.do")}
        </button>
      </p>
    </>
  );
}

interface DoneProps {
  readonly service: Service;
  readonly head: EnrolmentHead;
  readonly account: Address;
}

function Done({ service, head, account }: DoneProps): JSX.Element {
  const words = useWords();
  return (
    <>
      <Heading over={<bdi>{head.title}</bdi>}>{words.say("enrol.done")}</Heading>
      <Notice kind="good">
        <p>{words.say("enrol.doneWhat", { relay: service.relay.name })}</p>
      </Notice>
      <p>
        <code class="tracker" dir="ltr">
          {account}
        </code>
      </p>
      <p>
        <Copy text={account} what={words.say("booth.key.address")} />
      </p>
      <p>{words.say("enrol.next")}</p>
    </>
  );
}
