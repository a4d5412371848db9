/** The step in the browser's history: back, forward and reload keep to it. */

import { useEffect, useRef } from "preact/hooks";
import { type Place, STEPS } from "./flow";

function kept(): Place | null {
  const { step, question } = history.state?.booth ?? {};
  return STEPS.includes(step) && Number.isInteger(question) ? { step, question } : null;
}

const same = (one: Place | null, other: Place): boolean =>
  one?.step === other.step && one.question === other.question;

/** Keeps the place that is shown; and goes where the browser's buttons lead. */
export function usePlace(place: Place, onGo: (place: Place) => void): void {
  const go = useRef(onGo);
  go.current = onGo;
  const isFirst = useRef(true);
  const isLed = useRef(false);
  useEffect(() => {
    const onPop = (): void => {
      isLed.current = true;
      go.current(kept() ?? { step: "poll", question: 0 });
    };
    addEventListener("popstate", onPop);
    const before = kept();
    if (before) {
      isLed.current = true;
      go.current(before);
    }
    return () => removeEventListener("popstate", onPop);
  }, []);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      if (kept()) return; // it is gone to at once
    }
    if (!same(kept(), place)) {
      const state = { ...history.state, booth: place };
      if (isLed.current) history.replaceState(state, "");
      else history.pushState(state, "");
    }
    isLed.current = false;
  }, [place]);
}
