/** The shell of the page: header, language, and the half that the page's address asks for. */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Audit, Booth } from "../booth";
import { Enrol } from "../booth/enrol";
import { Dashboard } from "../dashboard";
import { textOf } from "../protocol/link";
import { entryOf, LANGUAGES, languageFor } from "../ui/catalogues";
import { Notice } from "../ui/notice";
import { lasting, untilClosed } from "../ui/storage";
import { type Key, useWords, Words, WordsContext } from "../ui/words";
import { origin, type Route, routeOf } from "./route";
import { Start } from "./start";

const TITLES: Record<Route["kind"], Key> = {
  start: "page.titleStart",
  vote: "page.titleVote",
  check: "page.titleCheck",
  enrol: "page.titleEnrol",
  broken: "page.titleBroken",
};

/** The language that the reader chose, or that their browser prefers; null if the page has none. */
function preferred(): string | null {
  return languageFor([lasting.get("language") ?? "", ...navigator.languages]);
}

/** What the page was opened for. The code of a letter is a secret, and does not stay in the address. */
function arrived(): Route {
  const { hash } = location;
  const bare = hash.replace(/[#&]code=.*/is, "");
  const state = { ...history.state, hadCode: true };
  if (bare !== hash) history.replaceState(state, "", bare || "#start");
  return routeOf(hash);
}

export function Shell(): JSX.Element {
  const [route, setRoute] = useState(arrived);
  const [file, setFile] = useState<File | null>(null);
  const [language, setLanguage] = useState(preferred);
  const words = useMemo(() => new Words(language ?? "en"), [language]);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const onChange = (): void => {
      setFile(null);
      setRoute(arrived());
      scrollTo(0, 0);
      main.current?.focus();
    };
    addEventListener("hashchange", onChange);
    return () => removeEventListener("hashchange", onChange);
  }, []);
  const title = words.say(TITLES[route.kind]);
  useEffect(() => {
    document.title = `${title} · Veche`;
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.say("language.direction");
  }, [title, words]);
  const choose = (chosen: string): void => {
    lasting.set("language", chosen);
    setLanguage(chosen);
  };
  return (
    <WordsContext.Provider value={words}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {words.say("page.skip")}
      </button>
      <Header route={route} onLanguage={choose} />
      <main id="main" tabIndex={-1} ref={main}>
        {language === null && (
          <Notice kind="note">
            <p>{words.say("page.otherLanguage")}</p>
          </Notice>
        )}
        <Half route={route} file={file} onFile={setFile} />
      </main>
      <footer>
        <p>{words.say("page.promise")}</p>
      </footer>
    </WordsContext.Provider>
  );
}

interface HalfProps {
  readonly route: Route;
  readonly file: File | null;
  readonly onFile: (file: File) => void;
}

/** Booth, dashboard or start; anew for every address. Nothing in a frame, whose page could mislead. */
function Half({ route, file, onFile }: HalfProps): JSX.Element {
  const words = useWords();
  if (self !== top) {
    return (
      <Notice kind="warning">
        <p>{words.say("page.framed")}</p>
      </Notice>
    );
  }
  if (route.kind === "vote") {
    const kept = untilClosed.works();
    return (
      <>
        {!kept && (
          <Notice kind="warning">
            <p>{words.say("page.noStorage")}</p>
          </Notice>
        )}
        <Booth key={location.hash} link={route.link} at={route.at ?? origin()} />
      </>
    );
  }
  if (route.kind === "check") {
    const at = route.at ?? origin();
    return <Dashboard key={location.hash} link={route.link} at={at} file={null} />;
  }
  if (route.kind === "enrol") return <Enrol key={route.at} at={route.at} code={route.code} />;
  if (file && isBallot(file)) return <Audit file={file} />;
  if (file) return <Dashboard link={null} at={null} file={file} />;
  return <Start error={route.kind === "broken" ? route.error : null} onFile={onFile} />;
}

/** An opened ballot is a JSON file, and a record never has this name. */
const isBallot = (file: File): boolean => /\.json$/i.test(file.name);

interface HeaderProps {
  readonly route: Route;
  readonly onLanguage: (language: string) => void;
}

function Header({ route, onLanguage }: HeaderProps): JSX.Element {
  const words = useWords();
  const { kind } = route;
  const link = kind === "vote" || kind === "check" ? route.link : null;
  const at = (kind === "vote" || kind === "check") && route.at;
  const rest = (link ? textOf(link) : "") + (at ? `&at=${encodeURIComponent(at)}` : "");
  return (
    <header>
      <a class="mark" href="#start" aria-label={`Veche: ${words.say("page.home")}`}>
        Veche
      </a>
      <nav aria-label={words.say("page.parts")}>
        {link && (
          <a href={`#${rest}`} aria-current={kind === "vote" ? "page" : undefined}>
            {words.say("page.vote")}
          </a>
        )}
        <a
          href={link ? `#check&${rest}` : "#check"}
          aria-current={kind === "check" ? "page" : undefined}
        >
          {words.say("page.check")}
        </a>
      </nav>
      <label class="language">
        <span class="unseen">{words.say("page.language")}</span>
        <select
          value={words.language}
          onChange={({ currentTarget }) => onLanguage(currentTarget.value)}
        >
          {LANGUAGES.map((tag) => (
            <option key={tag} value={tag} lang={tag}>
              {entryOf(tag, "language.name")}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
