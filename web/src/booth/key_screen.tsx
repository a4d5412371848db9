/** The voter's key: a key file, a wallet, or a new key. Then the roll says whether it may vote. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Signer } from "../keys/signer";
import { Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { Say } from "../ui/say";
import { useWords } from "../ui/words";
import type { DeskLine } from "./desk_line";
import { findVoter } from "./entitlement";
import { Entitlement, NotOnRoll } from "./entitlement_notice";
import { Heading } from "./heading";
import { KeyChoice, type Open } from "./key_choice";
import { type Opened, Trouble, type WaysFormProps } from "./opening";
import type { Entitled } from "./roll";
import { useWork } from "./use_work";

interface KeyScreenProps {
  readonly opened: Opened;
  readonly desk: DeskLine;
  /** The account that was used before the page was loaded anew; null if there is none. */
  readonly account: string | null;
  /** Who has opened a key since then; null if nobody has. */
  readonly before: Looked | null;
  readonly ways: WaysFormProps;
  readonly onBack: () => void;
  readonly onSigner: (signer: Signer, entitled: Entitled) => void;
}

/** What the roll says of a key. */
interface Looked {
  readonly signer: Signer;
  /** Null if it is not on the roll. */
  readonly entitled: Entitled | null;
}

export function KeyScreen({
  opened,
  desk,
  account,
  before,
  ...props
}: KeyScreenProps): JSX.Element {
  const words = useWords();
  const [looked, setLooked] = useState<Looked | null>(before);
  const { isBusy, error, progress, run } = useWork();
  /** Gets who signs, and looks for them on the roll. */
  const take = (open: Open): void =>
    run(async (onProgress) => {
      setLooked(null);
      const signer = await open(onProgress);
      const entitled = await findVoter(desk, opened.ways, opened.definition, signer.account);
      setLooked({ signer, entitled });
    });
  return (
    <>
      <Heading>{words.say("booth.key.title")}</Heading>
      {account && !before && !looked && (
        <Notice kind="note">
          <p>
            <Say of="booth.key.before" values={{ account: <code dir="ltr">{account}</code> }} />
          </p>
        </Notice>
      )}
      {looked?.entitled && <Entitlement entitled={looked.entitled} opened={opened} />}
      {looked && !looked.entitled && <NotOnRoll account={looked.signer.account} />}
      <Trouble error={error} ways={props.ways} />
      {isBusy && <Progress text={words.say("booth.key.busy")} done={progress} />}
      {!looked?.entitled && (
        <div hidden={isBusy}>
          <KeyChoice chainId={opened.definition.chainId} onOpen={take} />
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
