/** The voter's key: a key file, a wallet, or a new key. Then the roll says whether it may vote. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type MadeKeystore, makeKeystore, openKeystore } from "../keys/keystore";
import type { Signer } from "../keys/signer";
import { type Wallet, watchWallets } from "../keys/wallet";
import { Copy } from "../ui/copy";
import { Field } from "../ui/field";
import { FileDrop } from "../ui/file_drop";
import { ErrorNotice, Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { Say } from "../ui/say";
import { useWords } from "../ui/words";
import type { DeskLine } from "./desk_line";
import { findVoter } from "./entitlement";
import { Entitlement, NotOnRoll } from "./entitlement_notice";
import { Heading } from "./heading";
import type { Opened } from "./opening";
import type { Entitled } from "./roll";
import { save } from "./save";
import { useWork } from "./use_work";

/** Fewest characters of a new password. */
const SHORTEST = 12;

interface KeyScreenProps {
  readonly opened: Opened;
  readonly desk: DeskLine;
  /** The account that was used before the page was loaded anew; null if there is none. */
  readonly account: string | null;
  readonly onBack: () => void;
  readonly onSigner: (signer: Signer, entitled: Entitled) => void;
}

/** What the roll says of a key. */
interface Looked {
  readonly signer: Signer;
  /** Null if it is not on the roll. */
  readonly entitled: Entitled | null;
}

export function KeyScreen({ opened, desk, account, ...props }: KeyScreenProps): JSX.Element {
  const words = useWords();
  const [looked, setLooked] = useState<Looked | null>(null);
  const { isBusy, error, progress, run } = useWork();
  /** Gets who signs, and looks for them on the roll. */
  const take = (open: (onProgress: (part: number) => void) => Promise<Signer>): void =>
    run(async (onProgress) => {
      setLooked(null);
      const signer = await open(onProgress);
      const entitled = await findVoter(desk, opened.ways, opened.definition, signer.account);
      setLooked({ signer, entitled });
    });
  return (
    <>
      <Heading over={words.say("booth.step.key")}>{words.say("booth.key.title")}</Heading>
      {account && !looked && (
        <Notice kind="note">
          <p>
            <Say of="booth.key.before" values={{ account: <code dir="ltr">{account}</code> }} />
          </p>
        </Notice>
      )}
      {looked?.entitled && <Entitlement entitled={looked.entitled} opened={opened} />}
      {looked && !looked.entitled && <NotOnRoll account={looked.signer.account} />}
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {isBusy && <Progress text={words.say("booth.key.busy")} done={progress} />}
      {!looked?.entitled && (
        <div hidden={isBusy}>
          <KeyFile onOpen={(text, password) => take((on) => openKeystore(text, password, on))} />
          <Wallets
            onOpen={(wallet) =>
              take(() => wallet.connect(opened.definition.chainId, opened.ways.url))
            }
          />
          <NewKey onMade={({ signer }) => take(async () => signer)} />
        </div>
      )}
      <p class="actions">
        <button
          type="button"
          onClick={() => (looked?.entitled ? setLooked(null) : props.onBack())}
          disabled={isBusy}
        >
          {words.say(looked?.entitled ? "booth.key.other" : "booth.back")}
        </button>
        {looked?.entitled && (
          <button
            type="button"
            class="main"
            onClick={() => props.onSigner(looked.signer, looked.entitled as Entitled)}
          >
            {words.say("booth.next")}
          </button>
        )}
      </p>
    </>
  );
}

function KeyFile({ onOpen }: { onOpen: (text: string, password: string) => void }): JSX.Element {
  const words = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState("");
  const [isMissing, setMissing] = useState(false);
  return (
    <form
      aria-labelledby="key-file"
      onSubmit={async (event) => {
        event.preventDefault();
        setMissing(file === null);
        if (!file) return;
        onOpen(await file.text(), password);
        setPassword("");
      }}
    >
      <h2 id="key-file">{words.say("booth.key.file")}</h2>
      <FileDrop
        label={words.say("booth.key.fileLabel")}
        hint={file ? <bdi>{file.name}</bdi> : words.say("booth.key.fileHint")}
        id="key-file-input"
        onFile={(found) => {
          setFile(found);
          setMissing(false);
        }}
      />
      {isMissing && (
        <p class="fault" role="alert">
          {words.say("booth.key.fileMissing")}
        </p>
      )}
      <Password label={words.say("booth.key.password")} value={password} onInput={setPassword} />
      <p class="actions">
        <button type="submit" class="main">
          {words.say("booth.key.open")}
        </button>
      </p>
    </form>
  );
}

interface PasswordProps {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | null;
  readonly isNew?: boolean;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

function Password({ label, hint, fault, isNew = false, value, onInput }: PasswordProps) {
  return (
    <Field
      label={label}
      hint={hint}
      fault={fault ?? null}
      control={(props) => (
        <input
          {...props}
          type="password"
          autocomplete={isNew ? "new-password" : "current-password"}
          required
          value={value}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    />
  );
}

function Wallets({ onOpen }: { onOpen: (wallet: Wallet) => void }): JSX.Element | null {
  const words = useWords();
  const [wallets, setWallets] = useState<readonly Wallet[]>([]);
  useEffect(() => watchWallets(setWallets), []);
  if (!wallets.length) return null;
  return (
    <section aria-labelledby="wallets">
      <h2 id="wallets">{words.say("booth.key.wallet")}</h2>
      <p>{words.say("booth.key.walletWhat")}</p>
      <p class="actions">
        {wallets.map((each) => (
          <button key={each.id} type="button" onClick={() => onOpen(each)}>
            <bdi>{each.name}</bdi>
          </button>
        ))}
      </p>
    </section>
  );
}

/** A new key is saved as a file before it is of any use: the page forgets it with the tab. */
function NewKey({ onMade }: { onMade: (made: MadeKeystore) => void }): JSX.Element {
  const words = useWords();
  const [made, setMade] = useState<MadeKeystore | null>(null);
  const [isSaved, setSaved] = useState(false);
  const { isBusy, error, progress, run } = useWork();
  return (
    <details>
      <summary>{words.say("booth.key.new")}</summary>
      <p>{words.say("booth.key.newWhat")}</p>
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {isBusy && <Progress text={words.say("booth.key.making")} done={progress} />}
      {!made && !isBusy && (
        <NewPassword
          onPassword={(password) =>
            run(async (onProgress) => setMade(await makeKeystore(password, onProgress)))
          }
        />
      )}
      {made && (
        <>
          <p>{words.say("booth.key.made")}</p>
          <p>
            <code class="tracker" dir="ltr">
              {made.signer.account}
            </code>
          </p>
          <p>
            <Copy text={made.signer.account} what={words.say("booth.key.address")} />
          </p>
          <p class="actions">
            <button
              type="button"
              class="main"
              onClick={() => {
                save(made.text, made.name);
                setSaved(true);
              }}
            >
              {words.say("booth.key.save")}
            </button>
            <button type="button" disabled={!isSaved} onClick={() => onMade(made)}>
              {words.say("booth.key.use")}
            </button>
          </p>
        </>
      )}
    </details>
  );
}

function NewPassword({ onPassword }: { onPassword: (password: string) => void }): JSX.Element {
  const words = useWords();
  const [first, setFirst] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const isShort = first.length < SHORTEST;
  const differs = first !== again;
  return (
    <form
      noValidate
      aria-label={words.say("booth.key.new")}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isShort && !differs) onPassword(first);
      }}
    >
      <Password
        label={words.say("booth.key.newPassword")}
        hint={words.say("booth.key.newPasswordHint", { count: SHORTEST })}
        fault={tried && isShort ? words.say("booth.key.short", { count: SHORTEST }) : null}
        isNew
        value={first}
        onInput={setFirst}
      />
      <Password
        label={words.say("booth.key.againPassword")}
        fault={tried && !isShort && differs ? words.say("booth.key.differs") : null}
        isNew
        value={again}
        onInput={setAgain}
      />
      <p class="actions">
        <button type="submit">{words.say("booth.key.make")}</button>
      </p>
    </form>
  );
}
