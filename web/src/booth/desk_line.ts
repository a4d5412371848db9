/** The desk as the screens ask it. */

import type { Check } from "../trust/report";
import type { Kind, Reply, Tasks } from "./desk";

/** What went wrong at the desk, by the name and in the words of its error. */
export class DeskError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

interface Waiting {
  readonly resolve: (get: never) => void;
  readonly reject: (error: Error) => void;
  readonly onCheck: (check: Check) => void;
}

export class DeskLine {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
  }

  /** Has a task done. Checks are told as they are made. */
  ask<K extends Kind>(
    kind: K,
    give: Tasks[K]["give"],
    onCheck: (check: Check) => void = () => undefined,
  ): Promise<Tasks[K]["get"]> {
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onCheck });
      this.#port.postMessage({ id, kind, give });
    });
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.kind === "check") {
      waiting?.onCheck(reply.check);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.kind === "done") waiting?.resolve(reply.get as never);
    else waiting?.reject(new DeskError(reply.name, reply.message));
  }

  /** The desk is lost: whoever waits is told. */
  fail(message: string): void {
    for (const each of this.#waiting.values()) each.reject(new DeskError("Error", message));
    this.#waiting.clear();
  }
}
