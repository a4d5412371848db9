/** Scrypt in a worker of its own: it takes seconds and much memory, and the page goes on meanwhile. */

import type { Bytes } from "../bytes";
import { InvalidKeystore } from "../errors";
import { byScrypt, type Derive, derive, type Scrypt } from "../keys/derivation";
import { startWorker } from "../ui/worker";

/** The part that is told after the last one is more by this. */
const STEP = 0.01;

interface Task {
  readonly kind: "derive";
  readonly kdf: Scrypt;
  readonly password: Bytes;
}

/** How far it is, what came of it, or why nothing did. */
type News = { readonly part: number } | { readonly key: Bytes } | { readonly refusal: string };

/** The derived key, as many bytes as it is long. The browser makes those by PBKDF2 beside the page. */
export const deriveAside: Derive = (kdf, password, onProgress) =>
  kdf.kind === "pbkdf2"
    ? derive(kdf, password, onProgress)
    : new Promise((resolve, reject) => {
        const worker = startWorker((message) => {
          worker.terminate();
          reject(new Error(message));
        });
        worker.onmessage = ({ data }: MessageEvent<News>) => {
          if ("part" in data) {
            onProgress(data.part);
            return;
          }
          worker.terminate();
          if ("key" in data) resolve(data.key);
          else reject(new InvalidKeystore(data.refusal));
        };
        worker.postMessage({ kind: "derive", kdf, password } satisfies Task);
      });

/** Makes a worker derive, if its first message says so. */
export function serveDerivation(): void {
  const tell = (news: News): void => self.postMessage(news);
  self.addEventListener("message", ({ data }: MessageEvent<Task>) => {
    if (data.kind !== "derive") return;
    let last = 0;
    const onProgress = (part: number): void => {
      if (part < last + STEP) return;
      last = part;
      tell({ part });
    };
    try {
      tell({ key: byScrypt(data.kdf, data.password, onProgress) });
    } catch (error) {
      if (!(error instanceof InvalidKeystore)) throw error;
      tell({ refusal: error.message });
    }
  });
}
