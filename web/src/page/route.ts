/** What the address of the page asks for, all behind #, which no server sees. */

import { urlIn } from "../chain/wire";
import { InvalidDocument, known } from "../errors";
import { quoted } from "../protocol/characters";
import { type Link, parseLink } from "../protocol/link";

export type Route =
  | { readonly kind: "start" }
  | { readonly kind: "vote"; readonly link: Link; readonly at: string | null }
  | { readonly kind: "check"; readonly link: Link | null; readonly at: string | null }
  /** A letter's code, if the link has it, binds a key at the service of an enrolment. */
  | { readonly kind: "enrol"; readonly at: string; readonly code: string }
  | { readonly kind: "broken"; readonly error: Error };

const CHECK = /^check(?:&|$)/i;
const AT = /&at=(.*)$/s;
const ENROL = /^at=([^&]*)(?:&code=(.*))?$/is;

/** The route of a location's hash: "", "#LINK&at=URL", "#check&LINK&at=URL" or "#at=URL&code=CODE". */
export function routeOf(hash: string): Route {
  const asked = hash.replace(/^#/, "");
  if (!asked || asked === "start") return { kind: "start" };
  try {
    const [, service, code = ""] = ENROL.exec(asked) ?? [];
    if (service) return { kind: "enrol", at: urlOf(service) as string, code };
    const at = urlOf(AT.exec(asked)?.[1] ?? null);
    const rest = asked.replace(AT, "");
    if (!CHECK.test(rest)) return { kind: "vote", link: parseLink(rest), at };
    const text = rest.replace(CHECK, "");
    return { kind: "check", link: text ? parseLink(text) : null, at };
  } catch (error) {
    return { kind: "broken", error: known(error) };
  }
}

/** The URL that the page was served from, which may be that of a relay; null from disk. */
export function origin(): string | null {
  return urlIn(location.href)?.origin ?? null;
}

function urlOf(text: string | null): string | null {
  if (text === null) return null;
  try {
    const url = urlIn(decodeURIComponent(text));
    if (url) return url.href;
  } catch {
    // told below
  }
  throw new InvalidDocument(
    `in the link, ${quoted(text.slice(0, 200))} is no URL of a relay or node`,
  );
}
