/** Workers of this page. They run its own script, which asks by their first message what they are. */

/** The script of the page, as it runs: later it may not stand in the document any more. */
const script = typeof document === "undefined" ? "" : (document.currentScript?.textContent ?? "");
let url = "";

/** Starts a worker. `onLost` is told if its script breaks. */
export function startWorker(onLost: (message: string) => void): Worker {
  url ||= URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onerror = (event) => onLost(event.message || "a worker was lost");
  return worker;
}
