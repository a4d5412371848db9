/** A request over HTTP, to a server that may be silent, slow or endless. It tells nothing of this page. */

import { pause } from "./dialects";

interface Request {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** JSON; empty for none. */
  readonly body: string;
  /** Maximum bytes of the answer. */
  readonly mostBytes: number;
  /** Milliseconds that the whole answer may take. */
  readonly patience: number;
}

export interface Reply {
  readonly status: number;
  /** Null if it is longer than is taken. */
  readonly text: string | null;
  /** Seconds after which to come back, as the server says; 0 if it does not. */
  readonly retryAfter: number;
}

/** Maximum of what a server may have a client wait, in seconds. */
const MOST_WAIT = 3600;

/** The answer; null if none comes, or not whole in time. */
export async function send(request: Request): Promise<Reply | null> {
  const { url, method, body, mostBytes, patience } = request;
  try {
    const answer = await fetch(url, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body }),
      signal: AbortSignal.timeout(patience),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const text = await bounded(answer, mostBytes);
    const asked = pause(answer.headers.get("retry-after") ?? "", Date.now() / 1000);
    return { status: answer.status, text, retryAfter: Math.min(asked, MOST_WAIT) };
  } catch {
    return null;
  }
}

/** The text of an answer, which must not fill memory; null if it is longer. */
export async function bounded(answer: Response, most: number): Promise<string | null> {
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
