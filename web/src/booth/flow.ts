/**
 * The voter's way through the booth, as a value: what is filled in, what is made of it, and which step
 * may be shown. Every change is a new value, so that nothing is half done when a page is loaded anew.
 */

import type { Questions } from "../crypto/questions";
import type { Address } from "../protocol/addresses";
import { type Answer, allUnanswered, firstFault, scoresOf } from "./answers";

export const STEPS = ["poll", "key", "questions", "review", "decide", "audit", "sent"] as const;
export type Step = (typeof STEPS)[number];

/** A step; of the questions, which one. It stands in the browser's history. */
export interface Place {
  readonly step: Step;
  /** From 0. */
  readonly question: number;
}

/** A ballot that was encrypted and proven. What opens it never leaves the worker that made it. */
export interface Prepared {
  /** 0x and hexadecimal digits. */
  readonly tracker: string;
  /** The tracker of the ballot that it replaces; null for a first one. */
  readonly replaces: string | null;
  readonly weight: bigint;
  /** What its voter will sign, in seconds since 1970. It is shown before the voter decides. */
  readonly deadline: bigint;
  /** Whether a node showed a time that is to come, so that this deadline is late. */
  readonly isLate: boolean;
}

/** A ballot that its voter has opened. It is spent. */
export interface Audited {
  readonly tracker: string;
  /** The audit file. Whoever has it sees what was chosen. */
  readonly text: string;
}

/** A ballot that its voter has signed. It holds no secret. */
export interface Sent {
  readonly tracker: string;
  readonly replaces: string | null;
  readonly deadline: bigint;
  /** The signed ballot, as anyone may carry it. */
  readonly text: string;
  /** Null until a node has shown it. */
  readonly counted: Counted | null;
}

/** When and where a node has shown that a ballot counts. */
export interface Counted {
  readonly block: bigint;
  /** By the device's clock, in seconds since 1970. */
  readonly seen: bigint;
}

/** A ballot of this voter that was sent from elsewhere. */
export interface Elsewhere {
  readonly tracker: string;
  /** Until when it can be cast, if that is known; null if it counts already. */
  readonly deadline: bigint | null;
}

export interface Flow {
  readonly place: Place;
  readonly answers: readonly Answer[];
  /** The voter's account, once it is known to be on the roll. */
  readonly account: Address | null;
  /** Whether the account's key, or its wallet, can sign. It cannot after the page was loaded anew. */
  readonly isUnlocked: boolean;
  readonly prepared: Prepared | null;
  readonly audited: Audited | null;
  readonly sent: Sent | null;
  /** Another ballot of this voter, sent from elsewhere since this one was begun. */
  readonly elsewhere: Elsewhere | null;
}

export type Action =
  | { readonly kind: "go"; readonly place: Place }
  | { readonly kind: "answer"; readonly question: number; readonly answer: Answer }
  | { readonly kind: "unlock"; readonly account: Address }
  /** A ballot was made of these answers, by this account. It is nothing if they have changed since. */
  | {
      readonly kind: "prepare";
      readonly prepared: Prepared;
      readonly answers: Flow["answers"];
      readonly account: Address;
    }
  | { readonly kind: "audit"; readonly text: string }
  | { readonly kind: "send"; readonly sent: Sent }
  /** A node shows the ballot as counted; or, with null, shows it no more. */
  | { readonly kind: "count"; readonly counted: Counted | null }
  /** Another ballot of this voter was seen. */
  | { readonly kind: "elsewhere"; readonly elsewhere: Elsewhere }
  /** The key is closed again. */
  | { readonly kind: "lock" }
  /** Everything is forgotten. */
  | { readonly kind: "forget" }
  /** The voter votes again, from empty questions. */
  | { readonly kind: "again" }
  /** The ballot can count no more: the same answers go into a fresh one. */
  | { readonly kind: "renew" };

const at = (step: Step, question = 0): Place => ({ step, question });

export const begin = (questions: Questions): Flow => ({
  place: at("poll"),
  answers: allUnanswered(questions),
  account: null,
  isUnlocked: false,
  prepared: null,
  audited: null,
  sent: null,
  elsewhere: null,
});

/** The place to show where another was asked for, as by the back button. */
function reachable(flow: Flow, wanted: Place, questions: Questions): Place {
  if (flow.sent) return at("sent");
  if (wanted.step === "poll") return at("poll");
  if (wanted.step === "key" || !flow.account) return at("key");
  const open = firstFault(flow.answers, questions);
  if (wanted.step === "questions") {
    // a question is shown once those before it are answered
    const last = open ?? questions.items.length - 1;
    return at("questions", Math.max(0, Math.min(wanted.question, last)));
  }
  if (open !== null) return at("questions", open);
  if (wanted.step === "decide" && flow.prepared) return at("decide");
  if (wanted.step === "audit" && flow.audited) return at("audit");
  return at("review");
}

/** The flow after an action. */
export function next(flow: Flow, action: Action, questions: Questions): Flow {
  const moved = (changed: Flow, wanted: Place): Flow => ({
    ...changed,
    place: reachable(changed, wanted, questions),
  });
  switch (action.kind) {
    case "go":
      return left(moved(flow, action.place));
    case "answer":
      return answered(flow, action.question, action.answer);
    case "unlock":
      return moved(unlocked(flow, action.account, questions), at("review"));
    case "lock":
      return { ...flow, isUnlocked: false };
    case "prepare":
      if (flow.place.step !== "review" || flow.answers !== action.answers) return flow;
      if (flow.account !== action.account || !flow.isUnlocked) return flow;
      return moved({ ...flow, prepared: action.prepared, audited: null }, at("decide"));
    case "audit":
      return audited(flow, action.text, moved);
    case "send":
      // only the ballot whose tracker was shown, and that was not opened, is ever sent
      if (flow.prepared?.tracker !== action.sent.tracker) return flow;
      // the key is closed: whoever comes next to this device does not vote with it
      return moved({ ...flow, prepared: null, sent: action.sent, isUnlocked: false }, at("sent"));
    case "count":
      return counted(flow, action.counted, questions);
    case "elsewhere":
      return seenElsewhere(flow, action.elsewhere, moved);
    case "again":
      return moved({ ...cleared(flow), answers: allUnanswered(questions) }, at("questions"));
    case "renew":
      return moved(cleared(flow), at("review"));
    case "forget":
      return begin(questions);
  }
}

const cleared = (flow: Flow): Flow => ({
  ...flow,
  prepared: null,
  audited: null,
  sent: null,
  elsewhere: null,
});

/** Another voter at the same device begins with empty questions. */
function unlocked(flow: Flow, account: Address, questions: Questions): Flow {
  const isSame = flow.account === null || flow.account === account;
  const answers = isSame ? flow.answers : allUnanswered(questions);
  return { ...flow, account, answers, isUnlocked: true, prepared: null, audited: null };
}

/** Who leaves a ballot undecided gets a fresh one; who leaves an audit has seen it. */
const left = (flow: Flow): Flow => ({
  ...flow,
  prepared: flow.place.step === "decide" ? flow.prepared : null,
  audited: flow.place.step === "audit" ? flow.audited : null,
});

function answered(flow: Flow, question: number, answer: Answer): Flow {
  if (flow.sent) return flow;
  const answers = flow.answers.map((each, index) => (index === question ? answer : each));
  return { ...flow, answers, prepared: null, audited: null };
}

type Moved = (changed: Flow, wanted: Place) => Flow;

function audited(flow: Flow, text: string, moved: Moved): Flow {
  if (!flow.prepared || flow.sent) return flow;
  const own = { tracker: flow.prepared.tracker, text };
  return moved({ ...flow, prepared: null, audited: own }, at("audit"));
}

/** The choices are forgotten once their ballot counts. */
function counted(flow: Flow, found: Counted | null, questions: Questions): Flow {
  if (!flow.sent) return flow;
  const answers = found === null ? flow.answers : allUnanswered(questions);
  return { ...flow, sent: { ...flow.sent, counted: found }, answers };
}

function seenElsewhere(flow: Flow, elsewhere: Elsewhere, moved: Moved): Flow {
  const { tracker } = elsewhere;
  if (flow.sent?.tracker === tracker || flow.prepared?.replaces === tracker) return flow;
  if (flow.sent) return { ...flow, elsewhere };
  // a ballot that replaces another than the one that counts would be refused
  return moved({ ...flow, elsewhere, prepared: null }, flow.place);
}

/** The scores of all choices in order. All questions are answered. */
export const scoresOfAll = (flow: Flow): number[] => flow.answers.flatMap(scoresOf);
