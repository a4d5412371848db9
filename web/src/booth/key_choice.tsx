/** Where a key comes from: a key file, a wallet, or a new key. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type MadeKeystore, makeKeystore, openKeystore } from "../keys/keystore";
import type { Signer } from "../keys/signer";
import { type Wallet, watchWallets } from "../keys/wallet";
import { Copy } from "../ui/copy";
import { Field } from "../ui/field";
import { FileDrop } from "../ui/file_drop";
import { ErrorNotice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { useWords } from "../ui/words";
import { deriveAside } from "./derivation";
import { textIn } from "./read";
import { save } from "./save";
import { useWork } from "./use_work";

/** Fewest characters of a new password. */
const SHORTEST = 12;

/** Gets who signs; takes a moment, and may fail. */
export type Open = (onProgress: (part: number) => void) => Promise<Signer>;

interface KeyChoiceProps {
  /** The chain that a wallet must be on; null to enrol, which most do with a new key. */
  readonly chainId: bigint | null;
  readonly onOpen: (open: Open) => void;
}

export function KeyChoice({ chainId, onOpen }: KeyChoiceProps): JSX.Element {
  const isNew = chainId === null;
  const newKey = <NewKey isFirst={isNew} onMade={({ signer }) => onOpen(async () => signer)} />;
  return (
    <>
      {isNew && newKey}
      <KeyFile
        onOpen={(file, password) =>
          onOpen(async (on) => openKeystore(await textIn(file), password, on, deriveAside))
        }
      />
      <Wallets onOpen={(wallet) => onOpen(() => wallet.connect(chainId))} />
      {!isNew && newKey}
    </>
  );
}

function KeyFile({ onOpen }: { onOpen: (file: File, password: string) => void }): JSX.Element {
  const words = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState("");
  const [isMissing, setMissing] = useState(false);
  return (
    <form
      aria-labelledby="key-file"
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(file === null);
        if (!file) return;
        onOpen(file, password);
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

interface NewKeyProps {
  /** Whether most need one: then it is shown at once, and nobody has to tell its address. */
  readonly isFirst: boolean;
  readonly onMade: (made: MadeKeystore) => void;
}

/** A new key is saved as a file before it is of any use: the page forgets it with the tab. */
function NewKey({ isFirst, onMade }: NewKeyProps): JSX.Element {
  const words = useWords();
  const [made, setMade] = useState<MadeKeystore | null>(null);
  const [isSaved, setSaved] = useState(false);
  const { isBusy, error, progress, run } = useWork();
  return (
    <details open={isFirst}>
      <summary>{words.say("booth.key.new")}</summary>
      {!isFirst && <p>{words.say("booth.key.newWhat")}</p>}
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {isBusy && <Progress text={words.say("booth.key.making")} done={progress} />}
      {!made && !isBusy && (
        <NewPassword
          onPassword={(password) =>
            run(async (onProgress) =>
              setMade(await makeKeystore(password, onProgress, deriveAside)),
            )
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
