/** A request over HTTP, to a server that may be silent, slow or endless. It tells nothing of this page. */

import { pause } from "./dialects";

/** The URL in a text, if it is one of HTTP; null otherwise. */
export function urlIn(text: string): URL | null {
  const found = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return found && /^https?:$/.test(found.protocol) ? found : null;
}

/** What bounds an answer. */
export interface Bounds {
  /** Maximum bytes. */
  readonly bytes: number;
  /** Milliseconds that the whole answer may take. */
  readonly patience: number;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Seconds after which to come back, as the server says; null if it does not. */
  readonly retryAfter: number | null;
}

export const isGood = ({ status }: Reply): boolean => status >= 200 && status < 300;

/** Why there is no reply, in words behind the server's name. */
export interface NoReply {
  readonly why: string;
  /** Whether an answer has begun, or should have, that is longer or slower than any that is needed. */
  readonly isEndless: boolean;
}

/** Maximum of what a server may have a client wait, in seconds. */
const MOST_WAIT = 3600;

const ELSEWHERE = {
  why: "sends this page to another URL: name that one yourself",
  isEndless: false,
};
const UNREACHABLE = { why: "cannot be reached: check its URL", isEndless: false };
const LONG = {
  why: "gives an answer that is larger than any that is needed: check its URL",
  isEndless: true,
};

/** Posts JSON to a URL, or gets what is there if there is none. Nobody is followed to another URL. */
export async function send(url: string, json: string, bounds: Bounds): Promise<Reply | NoReply> {
  const signal = AbortSignal.timeout(bounds.patience);
  try {
    const answer = await fetch(url, {
      ...(json && { method: "POST", headers: { "content-type": "application/json" }, body: json }),
      signal,
      redirect: "manual",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const { status, headers } = answer;
    // browsers hide the status of an answer that leads elsewhere
    if (status === 0 || (status >= 300 && status < 400)) return ELSEWHERE;
    const text = await bounded(answer, bounds.bytes);
    if (text === null) return LONG;
    const asked = headers.get("retry-after");
    const wait = asked === null ? null : Math.min(pause(asked, Date.now() / 1000), MOST_WAIT);
    return { status, text, retryAfter: wait };
  } catch {
    if (!signal.aborted) return UNREACHABLE;
    const seconds = Math.round(bounds.patience / 1000);
    return {
      why: `has not answered in full within ${seconds} seconds: try again`,
      isEndless: true,
    };
  }
}

/** The text of an answer, which must not fill memory; null if it is longer. */
async function bounded(answer: Response, most: number): Promise<string | null> {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let [found, length] = ["", 0];
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return found + decoder.decode();
    length += piece.value.length;
    if (length > most) {
      await reader?.cancel();
      return null;
    }
    found += decoder.decode(piece.value, { stream: true });
  }
}
