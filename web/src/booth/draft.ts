/**
 * What a tab keeps of a voter's way, so that it survives a reload: the answers until a ballot is
 * signed, the account, and then the signed ballot, which holds no secret. The browser forgets it with
 * the tab, but for browsers that open closed tabs again: so answers are kept no longer than needed.
 *
 * A ballot that is prepared is not kept. What opens it is as good as the vote itself, and it costs a
 * fraction of a second to make another: so it is in the memory of one worker alone, and a reload makes
 * a fresh ballot of the same answers. Keys and passwords are not kept either.
 */

import type { Questions } from "../crypto/questions";
import { VecheError } from "../errors";
import { type Json, write } from "../protocol/json";
import { Form } from "../protocol/plain";
import type { Answer } from "./answers";
import { begin, type Counted, type Flow, type Sent } from "./flow";

export function draftOf(flow: Flow): string {
  const { account, sent } = flow;
  const answers = sent ? [] : flow.answers;
  return write({
    given: answers.map((each) => each.given),
    nothing: answers.map((each) => each.isNothing),
    account,
    sent: sent && { ...sent, counted: sent.counted && { ...sent.counted } },
  });
}

/** The flow of a draft. What is no draft of these questions is as good as none. */
export function flowOf(text: string | null, questions: Questions): Flow {
  const fresh = begin(questions);
  if (text === null) return fresh;
  try {
    const form = Form.parse(text, "draft");
    return {
      ...fresh,
      answers: answersOf(form, questions) ?? fresh.answers,
      account: form.isNull("account") ? null : form.address("account"),
      sent: form.isNull("sent") ? null : sentOf(form.form("sent")),
    };
  } catch (error) {
    if (error instanceof VecheError) return fresh;
    throw error;
  }
}

function answersOf(form: Form, questions: Questions): Answer[] | null {
  const [given, nothing] = [form.json("given"), form.json("nothing")];
  if (!Array.isArray(given) || !Array.isArray(nothing)) return null;
  const found = given.map((each, at) => answerOf(each, nothing[at] ?? false));
  const fits = questions.items.every((each, at) => found[at]?.given.length === each.options);
  return fits && found.length === questions.items.length ? (found as Answer[]) : null;
}

function answerOf(given: Json, isNothing: Json): Answer | null {
  if (!Array.isArray(given) || !given.every((each) => typeof each === "string")) return null;
  return { given: given as string[], isNothing: isNothing === true };
}

const sentOf = (form: Form): Sent => ({
  tracker: form.text("tracker"),
  replaces: form.isNull("replaces") ? null : form.text("replaces"),
  deadline: form.number("deadline"),
  text: form.text("text"),
  counted: form.isNull("counted") ? null : countedOf(form.form("counted")),
});

const countedOf = (form: Form): Counted => ({
  block: form.number("block"),
  seen: form.number("seen"),
});
