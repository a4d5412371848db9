/** Notices that nobody is at the device any more. */

import { useEffect, useRef } from "preact/hooks";

/** Milliseconds without a key, a touch or a click. */
const PATIENCE = 600_000;

/** Does something, once, after a while in which nobody did anything. */
export function useIdle(isWatched: boolean, onIdle: () => void): void {
  const idle = useRef(onIdle);
  idle.current = onIdle;
  useEffect(() => {
    if (!isWatched) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => idle.current(), PATIENCE);
    };
    begin();
    addEventListener("pointerdown", begin);
    addEventListener("keydown", begin);
    return () => {
      clearTimeout(timer);
      removeEventListener("pointerdown", begin);
      removeEventListener("keydown", begin);
    };
  }, [isWatched]);
}
