/** Where an observation stands, by the news of it. */

import type { MadeBlock } from "../chain/node";
import type { Check } from "../trust/report";
import type { Failure, Finding, Look, News } from "./messages";
import type { CataloguePoll, Said } from "./shown";

export interface Standing {
  /** What is checked: the name of a file, or the address of a poll. */
  readonly what: string;
  /** The name of what says what is not checked yet. */
  readonly saidBy: string;
  readonly said: Said | null;
  readonly ballots: number;
  /** How many blocks have been looked through, and of how many. */
  readonly blocks: readonly [done: bigint, whole: bigint] | null;
  /** The checks of the first look while it is made, then those of the newest. */
  readonly checks: readonly Check[];
  readonly look: Look | null;
  /** Whether an earlier look had no fault. */
  readonly wasGood: boolean;
  readonly failure: Failure | null;
  readonly lost: Failure | null;
  readonly still: number | null;
  readonly finding: Finding | null;
  readonly polls: readonly CataloguePoll[] | Failure | null;
  readonly makers: readonly MadeBlock[] | Failure | null;
}

export const begun = (what: string, saidBy: string): Standing => ({
  what,
  saidBy,
  said: null,
  ballots: 0,
  blocks: null,
  checks: [],
  look: null,
  wasGood: false,
  failure: null,
  lost: null,
  still: null,
  finding: null,
  polls: null,
  makers: null,
});

/** How news change where an observation stands. */
export function after(standing: Standing, news: News): Standing {
  switch (news.kind) {
    case "check":
      return { ...standing, checks: [...standing.checks, news.check] };
    case "said":
      return { ...standing, said: news.said };
    case "progress":
      return { ...standing, ballots: news.ballots };
    case "blocks":
      return { ...standing, blocks: [news.done, news.whole] };
    case "look": {
      const wasGood = standing.wasGood || (standing.look !== null && isGood(standing.look));
      return { ...standing, look: news, checks: news.checks, wasGood, lost: null };
    }
    case "failed": // that is no verdict, so no check has one
      return { ...standing, checks: [], look: null, failure: news };
    case "lost":
      return { ...standing, lost: news };
    case "still":
      return { ...standing, still: news.seconds };
    case "found":
      return { ...standing, finding: news.finding };
    case "catalogue":
      return { ...standing, polls: news.polls };
    case "makers":
      return { ...standing, makers: news.blocks };
  }
}

export const isGood = (look: Look): boolean => look.verdict !== "fail";

/** Whether a good poll has turned bad while it was followed. */
export const isAlarm = ({ look, wasGood }: Standing): boolean =>
  wasGood && look !== null && !isGood(look);

export const isFailure = <T>(found: T | Failure): found is Failure =>
  typeof found === "object" && found !== null && "message" in found;
