/** The booth: a voter prepares, casts or audits a ballot of one poll. */

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { hex } from "../bytes";
import { fromJson } from "../protocol/ballot";
import { type Link, textOf } from "../protocol/link";
import { faultIn } from "../trust/report";
import { ErrorNotice, Notice } from "../ui/notice";
import { untilClosed } from "../ui/storage";
import { useWords } from "../ui/words";
import { Checked } from "./audit_screen";
import { DeskLine } from "./desk_line";
import { Opening } from "./opening";
import { textIn } from "./read";
import { Voting } from "./voting";
import { type Named, namedIn } from "./ways";

interface BoothProps {
  readonly link: Link;
  /** The relay or node that the link proposes; null if it proposes none. */
  readonly at: string | null;
}

export function Booth({ link, at }: BoothProps): JSX.Element {
  const desk = useDesk();
  const kept = `ways.${hex(link.pollHash)}`;
  const [named, setNamed] = useState<Named>(
    () => namedIn(untilClosed.get(kept)) ?? { at, own: null },
  );
  const onWays = (first: string, own: string | null): void => {
    untilClosed.set(kept, JSON.stringify([first, own]));
    setNamed({ at: first, own });
  };
  const proposed = at ? `&at=${encodeURIComponent(at)}` : "";
  return (
    <Opening link={link} {...named} desk={desk} onWays={onWays}>
      {(opened) => (
        <Voting
          opened={opened}
          desk={desk}
          checkHref={`#check&${textOf(link)}${proposed}`}
          at={named.at ?? ""}
          own={named.own}
          onWays={onWays}
        />
      )}
    </Opening>
  );
}

/** A ballot in a file of this or another device: one that was opened is checked, one that is signed is told of. */
export function BallotFile({ file }: { readonly file: File }): JSX.Element {
  const words = useWords();
  const desk = useDesk();
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void textIn(file).then(setText, setError), [file]);
  if (text !== null && isSigned(text)) return <Signed />;
  return (
    <>
      <h1>{words.say("booth.audit.title")}</h1>
      {error !== null && <ErrorNotice told={words.told(error)} />}
      {text !== null && <Checked desk={desk} text={text} />}
    </>
  );
}

const isSigned = (text: string): boolean => !faultIn(() => void fromJson(text));

/** What a signed ballot is, and who carries it: this page cannot know whether it counts already. */
function Signed(): JSX.Element {
  const words = useWords();
  return (
    <>
      <h1>{words.say("booth.signed.title")}</h1>
      <Notice kind="note">
        <p>{words.say("booth.other.what")}</p>
        <p>{words.say("booth.other.saveWhat")}</p>
      </Notice>
    </>
  );
}

/** A desk of its own, as long as the screen is there. */
function useDesk(): DeskLine {
  const [desk, end] = useMemo(() => DeskLine.open(), []);
  useEffect(() => end, []);
  return desk;
}
