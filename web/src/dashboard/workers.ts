/** Starts the page's workers: one that verifies, and one for each core that examines ballots. */

import type { Bytes } from "../bytes";
import type { News, Source, Task } from "./messages";

/** Maximum helpers: each has tables of its own. */
const MOST = 8;

/** The script of this page is that of its workers too. */
function script(): string {
  const text = document.querySelector("script")?.textContent ?? "";
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/** Verifies a source; returns what stops it. */
export function start(
  source: Source,
  expect: Bytes | null,
  onNews: (news: News) => void,
): () => void {
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
  const helpers = Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    make({ kind: "examine", port: port2 }, [port2]);
    return port1;
  });
  const main = make({ kind: "verify", source, expect, helpers }, helpers);
  main.onmessage = ({ data }: MessageEvent<News>) => {
    onNews(data);
    if (data.kind === "done" || data.kind === "failed") stop();
  };
  return stop;
}
