/** The desk as the screens ask it. */

import type { Check } from "../trust/report";
import { startWorker } from "../ui/worker";
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
  /** A desk in a worker of its own, and what ends it. */
  static open(): [DeskLine, () => void] {
    const { port1, port2 } = new MessageChannel();
    const line = new DeskLine(port1);
    const worker = startWorker((message) => line.fail(message));
    worker.postMessage({ kind: "desk", port: port2 }, [port2]);
    return [line, () => worker.terminate()];
  }

  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #lost: Error | null = null;

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
      if (this.#lost) reject(this.#lost);
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

  /** The desk is lost: whoever asks or waits is told. */
  fail(message: string): void {
    this.#lost = new DeskError("Error", message);
    for (const each of this.#waiting.values()) each.reject(this.#lost);
    this.#waiting.clear();
  }
}
