/** Tabs of the same page tell each other that a voter has sent a ballot. */

import { useEffect, useRef } from "preact/hooks";
import { type Bytes, hex } from "../bytes";
import type { Address } from "../protocol/addresses";
import type { Elsewhere, Sent } from "./flow";

/** Returns how to tell the other tabs. Where there are no channels, nodes tell in the end. */
export function useOtherTabs(
  pollHash: Bytes,
  onSent: (voter: Address, elsewhere: Elsewhere) => void,
): (voter: Address, sent: Sent) => void {
  const heard = useRef(onSent);
  heard.current = onSent;
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const opened = new BroadcastChannel(`veche.${hex(pollHash)}`);
    opened.onmessage = ({ data }: MessageEvent<unknown>) => {
      const { voter, tracker, deadline } = (data ?? {}) as Record<string, unknown>;
      if (typeof voter !== "string" || typeof tracker !== "string") return;
      if (typeof deadline === "bigint") heard.current(voter, { tracker, deadline });
    };
    channel.current = opened;
    return () => opened.close();
  }, []);
  return (voter, { tracker, deadline }) =>
    channel.current?.postMessage({ voter, tracker, deadline });
}
