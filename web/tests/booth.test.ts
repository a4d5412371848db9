import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Answer,
  allUnanswered,
  chooseOne,
  faultOf,
  give,
  giveNothing,
  ruleOf,
  scoresOf,
  totalOf,
  unanswered,
} from "../src/booth/answers";
import { draftOf, flowOf } from "../src/booth/draft";
import { type Action, begin, type Flow, next, type Prepared, type Sent } from "../src/booth/flow";
import { fateOf, type Seen } from "../src/booth/following";
import { entitledOn, isSmall } from "../src/booth/roll";
import { Question, Questions } from "../src/crypto/questions";
import type { PollDefinition } from "../src/protocol/definition";
import { Roll } from "../src/protocol/roll";

const ONE = new Question([3, 1, 1, 1]);
const UP_TO_TWO = new Question([3, 1, 0, 2]);
const POINTS = new Question([3, 7, 7, 7]);
const QUESTIONS = Questions.of([
  [3n, 1n, 1n, 1n],
  [2n, 5n, 0n, 10n],
]);
const VOTER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const [T1, T2, T3] = ["11", "22", "33"].map((each) => `0x${each.repeat(32)}`) as [
  string,
  string,
  string,
];

describe("answers", () => {
  test("no option is chosen beforehand, and nothing is no answer until the voter says so", () => {
    for (const question of [ONE, UP_TO_TWO, POINTS]) {
      const answer = unanswered(question);
      assert.ok(answer.given.every((each) => each === "") && !answer.isNothing);
      assert.deepEqual(faultOf(answer, question), { name: "missing" });
    }
    assert.equal(faultOf(giveNothing(unanswered(UP_TO_TWO), true), UP_TO_TWO), null);
    const few = faultOf(giveNothing(unanswered(ONE), true), ONE);
    assert.deepEqual(few, { name: "few", given: 0, least: 1 });
  });

  test("one of several is chosen at a time", () => {
    const answer = chooseOne(chooseOne(unanswered(ONE), 0), 2);
    assert.deepEqual(scoresOf(answer), [0, 0, 1]);
    assert.equal(faultOf(answer, ONE), null);
  });

  test("who gives something does not give nothing, and the other way round", () => {
    const none = giveNothing(give(unanswered(UP_TO_TWO), 1, "1"), true);
    assert.deepEqual([none.isNothing, totalOf(none)], [true, 0]);
    const some = give(none, 0, "1");
    assert.deepEqual([some.isNothing, totalOf(some)], [false, 1]);
  });

  test("what breaks the rule is named with its numbers", () => {
    const all = [0, 1, 2].reduce((answer, at) => give(answer, at, "1"), unanswered(UP_TO_TWO));
    assert.deepEqual(faultOf(all, UP_TO_TWO), { name: "many", given: 3, most: 2 });
    const few = give(unanswered(POINTS), 0, " 5 ");
    assert.deepEqual(faultOf(few, POINTS), { name: "few", given: 5, least: 7 });
    for (const text of ["8", "-1", "1.5", "x", "1e1", "0x1", "٣"]) {
      const found = faultOf(give(few, 1, text), POINTS);
      assert.deepEqual(found, { name: "number", option: 1, most: 7 }, text);
    }
    assert.equal(faultOf(give(few, 2, "2"), POINTS), null);
  });

  test("every kind of question has its rule", () => {
    const kinds: [readonly [number, number, number, number], string][] = [
      [[3, 1, 1, 1], "one"],
      [[3, 1, 0, 3], "any"],
      [[3, 1, 2, 2], "exactly"],
      [[3, 1, 0, 1], "upTo"],
      [[3, 1, 1, 3], "between"],
      [[3, 7, 7, 7], "points"],
      [[3, 5, 0, 15], "scores"],
      [[3, 5, 2, 8], "limited"],
    ];
    for (const [limits, name] of kinds) assert.equal(ruleOf(new Question(limits)).name, name);
  });
});

const done = (flow: Flow, ...actions: readonly Action[]): Flow =>
  actions.reduce((before, action) => next(before, action, QUESTIONS), flow);
const answer = (question: number, answered: Answer): Action => ({
  kind: "answer",
  question,
  answer: answered,
});
const go = (step: Flow["place"]["step"], question = 0): Action => ({
  kind: "go",
  place: { step, question },
});
const prepared = (tracker: string, replaces: string | null = null): Prepared => ({
  tracker,
  replaces,
  weight: 1n,
  deadline: 1000n,
  isLate: false,
});
/** A ballot of all answers as they stand. */
const prepare = (flow: Flow, tracker: string, replaces: string | null = null): Flow =>
  done(flow, {
    kind: "prepare",
    prepared: prepared(tracker, replaces),
    answers: flow.answers,
    account: VOTER,
  });
const sentOf = (tracker: string, replaces: string | null = null): Sent => ({
  tracker,
  replaces,
  deadline: 1000n,
  text: "{}",
  counted: null,
});
const COUNTED: Action = { kind: "count", counted: { block: 5n, seen: 900n } };
const FIRST = QUESTIONS.items[0] as Question;
const SECOND = QUESTIONS.items[1] as Question;
const ANSWERED = done(
  begin(QUESTIONS),
  { kind: "unlock", account: VOTER },
  answer(0, chooseOne(unanswered(FIRST), 1)),
  answer(1, give(unanswered(SECOND), 0, "3")),
);
const REVIEWED = done(ANSWERED, go("review"));
const DECIDING = prepare(REVIEWED, T1);

describe("the voter's way", () => {
  test("no step is shown before what it stands on", () => {
    const fresh = begin(QUESTIONS);
    for (const step of ["key", "questions", "review", "decide", "audit", "sent"] as const) {
      assert.equal(done(fresh, go(step)).place.step, "key");
    }
    const known = done(fresh, { kind: "unlock", account: VOTER });
    assert.deepEqual(known.place, { step: "questions", question: 0 });
    assert.deepEqual(done(known, go("questions", 1)).place, { step: "questions", question: 0 });
    assert.deepEqual(done(known, go("decide")).place, { step: "questions", question: 0 });
    assert.equal(done(ANSWERED, go("decide")).place.step, "review");
    assert.equal(done(ANSWERED, go("audit")).place.step, "review");
  });

  test("a ballot is made anew after a change, and after it was left undecided", () => {
    assert.equal(DECIDING.place.step, "decide");
    const changed = done(DECIDING, answer(1, give(unanswered(SECOND), 0, "4")));
    assert.equal(changed.prepared, null);
    const left = done(DECIDING, go("review"), go("decide"));
    assert.deepEqual([left.place.step, left.prepared], ["review", null]);
  });

  test("an audited ballot is never sent", () => {
    const audited = done(DECIDING, { kind: "audit", text: "opened" });
    assert.deepEqual([audited.place.step, audited.prepared], ["audit", null]);
    const tried = done(audited, { kind: "send", sent: sentOf(T1) });
    assert.equal(tried.sent, null);
    const after = done(audited, go("review"), { kind: "send", sent: sentOf(T1) });
    assert.deepEqual([after.sent, after.audited], [null, null]);
  });

  test("only the ballot whose tracker was shown is sent", () => {
    assert.equal(done(DECIDING, { kind: "send", sent: sentOf(T2) }).sent, null);
    const sent = done(DECIDING, { kind: "send", sent: sentOf(T1) });
    assert.deepEqual([sent.place.step, sent.prepared], ["sent", null]);
  });

  test("nothing leads behind a ballot that was sent, until the voter votes again", () => {
    const sent = done(DECIDING, { kind: "send", sent: sentOf(T1) });
    for (const step of ["poll", "key", "questions", "review", "decide", "audit"] as const) {
      assert.equal(done(sent, go(step)).place.step, "sent");
    }
    const bent = prepare(done(sent, answer(0, chooseOne(unanswered(FIRST), 2))), T2);
    assert.deepEqual(bent, sent);
    const again = done(sent, COUNTED, { kind: "again" });
    assert.deepEqual(again.place, { step: "questions", question: 0 });
    assert.deepEqual([again.sent, again.answers], [null, allUnanswered(QUESTIONS)]);
  });

  test("choices are forgotten once their ballot counts, and not before", () => {
    const sent = done(DECIDING, { kind: "send", sent: sentOf(T1) });
    assert.deepEqual(sent.answers, ANSWERED.answers);
    const counted = done(sent, COUNTED);
    assert.deepEqual(
      [counted.answers, counted.sent?.counted?.block],
      [allUnanswered(QUESTIONS), 5n],
    );
    const renewed = done(sent, { kind: "renew" });
    assert.deepEqual([renewed.place.step, renewed.answers], ["review", ANSWERED.answers]);
  });

  test("a ballot that was sent from elsewhere takes a prepared one away", () => {
    const seen = (tracker: string): Action => ({
      kind: "elsewhere",
      elsewhere: { tracker, deadline: 1000n },
    });
    const told = done(DECIDING, seen(T3));
    assert.deepEqual([told.place.step, told.prepared], ["review", null]);
    assert.equal(told.elsewhere?.tracker, T3);
    const known = prepare(REVIEWED, T1, T2);
    assert.equal(done(known, seen(T2)), known);
    const sent = done(DECIDING, { kind: "send", sent: sentOf(T1) });
    assert.equal(done(sent, seen(T1)).elsewhere, null);
  });

  test("a ballot of other answers, of another key or of another step is never shown", () => {
    const action: Action = {
      kind: "prepare",
      prepared: prepared(T1),
      answers: REVIEWED.answers,
      account: VOTER,
    };
    const changed = done(REVIEWED, go("questions"), answer(0, chooseOne(unanswered(FIRST), 2)));
    const other = done(REVIEWED, { kind: "unlock", account: `0x${"1".repeat(40)}` });
    const elsewhere = done(REVIEWED, go("questions"));
    for (const flow of [changed, done(changed, go("review")), other, elsewhere]) {
      assert.equal(done(flow, action).prepared, null);
    }
    assert.equal(done(REVIEWED, { kind: "lock" }, action).prepared, null);
    assert.equal(done(REVIEWED, action).prepared?.tracker, T1);
  });

  test("the key is closed once a ballot is sent, and another voter finds no answers", () => {
    const sent = done(DECIDING, { kind: "send", sent: sentOf(T1) });
    assert.equal(sent.isUnlocked, false);
    assert.equal(done(sent, { kind: "again" }).isUnlocked, false);
    const other = done(ANSWERED, { kind: "unlock", account: `0x${"1".repeat(40)}` });
    assert.deepEqual(other.answers, allUnanswered(QUESTIONS));
    assert.deepEqual(done(DECIDING, { kind: "forget" }), begin(QUESTIONS));
  });

  test("another key makes another ballot", () => {
    const other = done(DECIDING, { kind: "unlock", account: `0x${"1".repeat(40)}` });
    assert.deepEqual([other.place.step, other.prepared], ["questions", null]);
  });
});

describe("the draft in the tab", () => {
  test("keeps answers, account and a signed ballot", () => {
    const sent = done(DECIDING, { kind: "send", sent: sentOf(T1, T2) });
    const found = flowOf(draftOf(sent), QUESTIONS);
    assert.deepEqual([found.account, found.sent], [VOTER, sent.sent]);
    assert.deepEqual(flowOf(draftOf(DECIDING), QUESTIONS).answers, DECIDING.answers);
    assert.deepEqual(found.answers, allUnanswered(QUESTIONS)); // a signed ballot needs none
    const counted = done(sent, COUNTED);
    assert.deepEqual(flowOf(draftOf(counted), QUESTIONS).sent, counted.sent);
    assert.equal(found.isUnlocked, false);
  });

  test("keeps no ballot that is prepared, and none that is opened", () => {
    const audited = done(DECIDING, { kind: "audit", text: "0xopened" });
    for (const flow of [DECIDING, audited]) {
      const text = draftOf(flow);
      assert.ok(!text.includes(T1) && !text.includes("opened"), text);
      const found = done(flowOf(text, QUESTIONS), go("decide"));
      assert.deepEqual([found.place.step, found.prepared, found.audited], ["review", null, null]);
    }
  });

  test("is as good as none if it is none of these questions", () => {
    const other = draftOf(begin(Questions.of([[2n, 1n, 1n, 1n]])));
    for (const text of [null, "", "{", "[]", "{}", '{"given": [[1]], "nothing": [true]}', other]) {
      assert.deepEqual(flowOf(text, QUESTIONS).answers, allUnanswered(QUESTIONS), text ?? "null");
    }
  });
});

describe("what became of a ballot", () => {
  const seen = (of: Partial<Seen>): Seen => ({
    phase: "open",
    time: 500n,
    newest: 10n,
    voters: 1n,
    counting: null,
    block: null,
    ...of,
  });

  test("it counts only once a node shows the tracker in state and in a log", () => {
    assert.equal(fateOf(sentOf(T1), seen({})).name, "waiting");
    assert.equal(fateOf(sentOf(T1), seen({ counting: T1 })).name, "waiting");
    assert.equal(fateOf(sentOf(T1), seen({ block: 9n })).name, "waiting");
    const found = fateOf(sentOf(T1), seen({ counting: T1, block: 9n, phase: "closed" }));
    assert.deepEqual(found, { name: "counted", block: 9n });
  });

  test("another ballot in its place is told apart from a later one", () => {
    assert.equal(fateOf(sentOf(T1, T2), seen({ counting: T2 })).name, "waiting");
    const overtaken = fateOf(sentOf(T1, T2), seen({ counting: T3 }));
    assert.deepEqual(overtaken, { name: "overtaken", by: T3 });
    const replaced = fateOf(sentOf(T1, T2), seen({ counting: T3, block: 9n }));
    assert.deepEqual(replaced, { name: "replaced", by: T3 });
  });

  test("it dies with its deadline, and with the poll", () => {
    assert.equal(fateOf(sentOf(T1), seen({ time: 1000n })).name, "waiting");
    assert.equal(fateOf(sentOf(T1), seen({ time: 1001n }), 1001n).name, "dead");
    assert.equal(fateOf(sentOf(T1), seen({ time: 1001n }), 1000n).name, "waiting"); // a node may lie
    assert.equal(fateOf(sentOf(T1), seen({ phase: "closed" })).name, "closed");
    assert.equal(fateOf(sentOf(T1), seen({ phase: "cancelled" })).name, "closed");
  });
});

describe("the roll", () => {
  const address = (of: number): string => `0x${String(of).repeat(40)}`;
  const poll = { minVoters: 2n } as PollDefinition;

  test("tells the weights that too few voters share", () => {
    const roll = new Roll([
      [address(1), 1n],
      [address(2), 1n],
      [address(3), 5n],
      [address(4), 3n],
    ]);
    const found = entitledOn(poll, address(3), roll);
    assert.deepEqual(found?.roll, {
      voters: 4,
      rare: [
        [5n, 1],
        [3n, 1],
      ],
    });
    assert.equal(entitledOn(poll, address(5), roll), null);
  });

  test("has no rare weight if all are equal", () => {
    const roll = new Roll([
      [address(1), 4n],
      [address(2), 4n],
    ]);
    assert.deepEqual(
      entitledOn({ minVoters: 3n } as PollDefinition, address(1), roll)?.roll?.rare,
      [],
    );
  });

  test("is small below twice what a result needs", () => {
    assert.deepEqual(
      [3, 4].map((each) => isSmall(each, 2n)),
      [true, false],
    );
  });
});
