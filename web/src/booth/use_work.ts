/** Work that takes a moment, one at a time, and what went wrong in the last. */

import { useCallback, useRef, useState } from "preact/hooks";

interface Work {
  readonly isBusy: boolean;
  /** Null if nothing did. */
  readonly error: unknown;
  /** From 0 to 1; null if nobody knows. */
  readonly progress: number | null;
  readonly run: (work: (onProgress: (part: number) => void) => Promise<void>) => void;
}

export function useWork(): Work {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const isAtWork = useRef(false);
  const run = useCallback<Work["run"]>((work) => {
    if (isAtWork.current) return;
    isAtWork.current = true;
    setBusy(true);
    setError(null);
    setProgress(null);
    work(setProgress)
      .catch(setError)
      .finally(() => {
        isAtWork.current = false;
        setBusy(false);
      });
  }, []);
  return { isBusy, error, progress, run };
}
