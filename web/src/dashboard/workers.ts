/** Starts the page's workers: one that observes, and one for each core that examines ballots. */

import type { Bytes } from "../bytes";
import { startWorker } from "../ui/worker";
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

/** Observes a source until it is stopped. */
export function start(source: Source, onNews: (news: News) => void): Observing {
  const count = Math.min(MOST, Math.max(1, navigator.hardwareConcurrency || 1));
  const workers: Worker[] = [];
  const stop = (): void => {
    for (const each of workers) each.terminate();
  };
  const make = (task: Task, ports: MessagePort[]): Worker => {
    const worker = startWorker((message) => {
      stop();
      onNews({ kind: "failed", name: "Error", message });
    });
    workers.push(worker);
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
