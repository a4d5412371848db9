/** The dashboard: a record or a poll on nodes is verified, and every check is shown. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Link, textOf } from "../protocol/link";
import type { Check, Verdict } from "../trust/report";
import { FileDrop } from "../ui/file_drop";
import type { News, Source } from "./messages";
import { start } from "./workers";

const VERDICTS: Record<Verdict, string> = {
  pass: "Verified: every check passed.",
  fail: "Not verified: a check failed.",
  pending: "Not verified yet: nothing is wrong, but some checks cannot be made now.",
};

/** Where a verification stands. */
interface Standing {
  readonly what: string;
  readonly ballots: number;
  readonly checks: readonly Check[];
  readonly end: Extract<News, { kind: "done" | "failed" }> | null;
}

function after(standing: Standing, news: News): Standing {
  if (news.kind === "check") return { ...standing, checks: [...standing.checks, news.check] };
  if (news.kind === "progress") return { ...standing, ballots: news.ballots };
  return { ...standing, end: news };
}

export interface DashboardProps {
  /** The poll that the reader was told of; null if they were told of none. */
  readonly link: Link | null;
  /** The relay or node that the link proposes; null if it proposes none. */
  readonly at: string | null;
  /** A record that the reader has opened already. */
  readonly file: File | null;
}

export function Dashboard({ link, file }: DashboardProps): JSX.Element {
  const [standing, setStanding] = useState<Standing | null>(null);
  const stop = useRef<() => void>(() => undefined);
  const verify = (source: Source, what: string): void => {
    stop.current();
    setStanding({ what, ballots: 0, checks: [], end: null });
    const onNews = (news: News): void => setStanding((before) => before && after(before, news));
    stop.current = start(source, link?.pollHash ?? null, onNews);
  };
  useEffect(() => {
    if (file) verify({ kind: "record", file }, file.name);
    return () => stop.current();
  }, [file]);
  return (
    <>
      <h1>Check a poll yourself</h1>
      <p>
        This page makes every check of a poll on your own device. It asks nobody but the nodes that
        you name.
      </p>
      {link ? (
        <p>
          The link that you opened names this poll: <code>{textOf(link)}</code>
        </p>
      ) : (
        <p>
          You have opened this page without a poll's link. So it shows that this is <em>a</em> poll,
          but not that it is the one that you were told of.
        </p>
      )}
      <RecordForm onFile={(file) => verify({ kind: "record", file }, file.name)} />
      <NodeForm
        poll={link?.address ?? ""}
        onNodes={(urls, poll) => verify({ kind: "nodes", urls, poll }, poll)}
      />
      {standing && <Outcome standing={standing} />}
    </>
  );
}

function RecordForm({ onFile }: { onFile: (file: File) => void }): JSX.Element {
  return (
    <section aria-labelledby="from-record">
      <h2 id="from-record">From an election record</h2>
      <FileDrop
        id="record"
        label="Record file"
        hint="Choose the file, or drop it anywhere on this page."
        onFile={onFile}
      />
    </section>
  );
}

interface NodeFormProps {
  readonly poll: string;
  readonly onNodes: (urls: readonly string[], poll: string) => void;
}

function NodeForm({ poll, onNodes }: NodeFormProps): JSX.Element {
  const [urls, setUrls] = useState("");
  const [address, setAddress] = useState(poll);
  useEffect(() => setAddress(poll), [poll]);
  return (
    <section aria-labelledby="from-nodes">
      <h2 id="from-nodes">From nodes</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onNodes(urls.split(/\s+/).filter(Boolean), address.trim());
        }}
      >
        <p>
          <label for="urls">URLs of nodes, one in a line</label>
        </p>
        <textarea
          id="urls"
          required
          rows={2}
          value={urls}
          onInput={({ currentTarget }) => setUrls(currentTarget.value)}
        />
        <p>
          <label for="poll">Address of the poll</label>
        </p>
        <input
          id="poll"
          required
          value={address}
          onInput={({ currentTarget }) => setAddress(currentTarget.value)}
        />
        <p>
          <button type="submit">Check the poll</button>
        </p>
      </form>
    </section>
  );
}

function Outcome({ standing }: { standing: Standing }): JSX.Element {
  const { what, ballots, checks, end } = standing;
  return (
    <section aria-labelledby="outcome">
      <h2 id="outcome">{what}</h2>
      <p id="verdict" role="status">
        {end ? ending(end) : `Checking … ${ballots.toLocaleString("en-US")} ballots so far`}
      </p>
      {end?.kind === "done" && <Found end={end} />}
      <table>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Verdict</th>
            <th scope="col">What was found</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ name, verdict, detail }) => (
            <tr key={name} data-verdict={verdict}>
              <th scope="row">{name}</th>
              <td>{verdict}</td>
              <td>{detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ending(end: NonNullable<Standing["end"]>): string {
  if (end.kind === "failed") return `No verdict (${end.name}): ${end.message}`;
  return VERDICTS[end.verdict];
}

function Found({ end }: { end: Extract<News, { kind: "done" }> }): JSX.Element {
  return (
    <>
      {end.title !== null && <p id="title">{end.title}</p>}
      {end.pollHash !== null && (
        <p>
          Poll hash: <code>{end.pollHash}</code>
        </p>
      )}
      {end.result?.map(({ question, options }) => (
        <table class="result" key={question}>
          <caption>{question}</caption>
          <tbody>
            {options.map(([option, score]) => (
              <tr key={option}>
                <th scope="row">{option}</th>
                <td>{score.toLocaleString("en-US")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </>
  );
}
