import type { PollDefinition } from "../protocol/definition";
import type { Phase } from "../protocol/phase";
import type { PollState } from "./evidence";

/** The phase of a poll at a time, whatever its contract says (PROTOCOL §3, §4). */
export function phaseOf(definition: PollDefinition, state: PollState, time: bigint): Phase {
  if (state.isCancelled) return "cancelled";
  if (time < definition.opens) return "scheduled";
  if (time < definition.closes) return "open";
  if (state.voters < definition.minVoters) return "void";
  return state.result.length ? "tallied" : "closed";
}
