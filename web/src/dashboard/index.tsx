/** The dashboard: a record or a poll on nodes is checked and followed, and all of it is shown. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { urlIn } from "../chain/wire";
import type { Address } from "../protocol/addresses";
import type { Link } from "../protocol/link";
import { useWords } from "../ui/words";
import type { Source } from "./messages";
import { Outcome } from "./outcome";
import { SourceForm } from "./source_form";
import { after, begun, isAlarm, type Standing } from "./standing";
import { type Observing, start } from "./workers";

interface DashboardProps {
  /** The poll that the reader was told of; null if they were told of none. */
  readonly link: Link | null;
  /** The relay or node that the link proposes; null if it proposes none. */
  readonly at: string | null;
  /** A record that the reader has opened already. */
  readonly file: File | null;
}

/** The name of what is asked: hosts of nodes, or a file. */
const namesOf = ({ urls }: Source, file: File | null): string =>
  file?.name ?? urls.map((each) => urlIn(each)?.host ?? each).join(", ");

export function Dashboard({ link, at, file }: DashboardProps): JSX.Element {
  const words = useWords();
  const [standing, setStanding] = useState<Standing | null>(null);
  const [source, setSource] = useState<Source | null>(null);
  const observing = useRef<Observing | null>(null);
  const observe = (asked: Source): void => {
    observing.current?.stop();
    const name = namesOf(asked, asked.file);
    setSource(asked);
    setStanding(begun(asked.file?.name ?? asked.poll ?? "", name));
    observing.current = start(asked, (news) =>
      setStanding((before) => before && after(before, news)),
    );
  };
  useEffect(() => {
    if (file) observe({ ...NOTHING, file, told: link?.pollHash ?? null });
    return () => observing.current?.stop();
  }, [file]);
  const isAlarmed = standing !== null && isAlarm(standing);
  useEffect(() => {
    if (isAlarmed) document.title = `⚠ ${words.say("dash.alarm")} · Veche`;
  }, [isAlarmed, words]);
  /** Checks a poll of the catalogue that the checked poll is of. */
  const open = (poll: Address, catalogue: Address | null): void => {
    if (source) observe({ ...source, file: null, poll, told: null, catalogue });
  };
  return (
    <>
      <h1>{words.say("dash.title")}</h1>
      <p class="lead">{words.say("dash.intro")}</p>
      <SourceForm link={link} at={at} isBegun={standing !== null} onSource={observe} />
      {standing && (
        <Outcome
          standing={standing}
          observing={observing.current}
          onOpen={open}
          onAgain={() => source && observe(source)}
        />
      )}
    </>
  );
}

const NOTHING: Source = {
  file: null,
  urls: [],
  poll: null,
  chainId: null,
  told: null,
  catalogue: null,
};
