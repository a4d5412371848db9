/** Starts the page's workers: one that observes, and one for each core that examines ballots. */

import type { Bytes } from "../bytes";
import type { News, Source, Task } from "./messages";

/** Maximum helpers: each has tables of its own. */
const MOST = 8;

/** An observation that is under way. */
export interface Observing {
  find(tracker: Bytes): void;
  listCatalogue(): void;
  listMakers(): void;
  stop(): void;
}

/** The script of this page is that of its workers too. */
function script(): string {
  const text = document.querySelector("script")?.textContent ?? "";
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/** Observes a source until it is stopped. */
export function start(source: Source, onNews: (news: News) => void): Observing {
  const url = script();
  const count = Math.min(MOST, Math.max(1, navigator.hardwareConcurrency || 1));
  const workers: Worker[] = [];
  const stop = (): void => {
    for (const each of workers) each.terminate();
    URL.revokeObjectURL(url);
  };
  const make = (task: Task, ports: MessagePort[]): Worker => {
    const worker = new Worker(url);
    workers.push(worker);
    worker.onerror = (event) => {
      stop();
      onNews({ kind: "failed", name: "Error", message: event.message || "a worker was lost" });
    };
    worker.postMessage(task, ports);
    return worker;
  };
  const ports = Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    make({ kind: "examine", port: port2 }, [port2]);
    return port1;
  });
  const helpers = [...workers];
  const main = make({ kind: "observe", source, helpers: ports }, ports);
  main.onmessage = ({ data }: MessageEvent<News>) => {
    onNews(data);
    if (data.kind === "failed") stop();
    else if (data.kind === "look" && data.isLast) for (const each of helpers) each.terminate();
  };
  const ask = (task: Task): void => main.postMessage(task);
  return {
    find: (tracker) => ask({ kind: "find", tracker }),
    listCatalogue: () => ask({ kind: "catalogue" }),
    listMakers: () => ask({ kind: "makers" }),
    stop,
  };
}
