/**
 * What tests in Python tell this implementation to do: a JSON list of tasks on stdin, and a list of
 * what came of them on stdout. It is bundled for Node.
 */

import { openAsBlob, readFileSync, writeFileSync } from "node:fs";
import type { Bytes } from "../src/bytes";
import { NodeFoundation } from "../src/chain/foundation";
import { Node } from "../src/chain/node";
import { verify as verifyBallot } from "../src/crypto/ballot_proof";
import { Secret } from "../src/crypto/group";
import { type Question, Questions } from "../src/crypto/questions";
import { bindingFromPlain, bindingTypedData } from "../src/enrolment/binding";
import { VecheError } from "../src/errors";
import { lock, unlock } from "../src/keys/keystore";
import { checkAgreement, commonBlock } from "../src/observer/agreement";
import { NodeEvidence } from "../src/observer/node_evidence";
import { RecordEvidence } from "../src/observer/record_evidence";
import { type Verification, verify } from "../src/observer/verification";
import {
  fromJson as auditFromJson,
  toJson as auditToJson,
  checkAudit,
} from "../src/protocol/audit";
import {
  fromJson,
  PreparedBallot,
  requireSignature,
  toJson,
  trackerOfSigned,
} from "../src/protocol/ballot";
import { byText, decode } from "../src/protocol/content";
import { fromPlain } from "../src/protocol/definition";
import { figuresOf, quorumOf } from "../src/protocol/figures";
import { parse, type Writable, write } from "../src/protocol/json";
import { Form } from "../src/protocol/plain";
import { ballotTypedData } from "../src/protocol/signature";
import { fromWord } from "../src/protocol/trackers";
import { checkFoundation } from "../src/trust/foundation";
import { Report } from "../src/trust/report";
import { signedBy } from "./others";

const TASKS: Record<string, (task: Form) => Promise<Writable> | Writable> = {
  cast: (task) => {
    return toJson(signedBy(prepared(task), secret(task.text("key")), task.number("deadline")));
  },
  audit: (task) => auditToJson(prepared(task).audit()),
  checkBallot: (task) => {
    const poll = fromPlain(task.form("poll"));
    const signed = fromJson(task.text("ballot"));
    const tracker = trackerOfSigned(signed, poll.hash);
    requireSignature(signed, tracker);
    verifyBallot(signed.ballot, { ...poll, tracker });
    return "accepted";
  },
  checkAudit: (task) =>
    checkAudit(auditFromJson(task.text("audit"))).map(({ question, options }) => [
      question,
      options.map(([option, score]) => [option, score]),
    ]),
  verifyRecord: async (task) => {
    const evidence = await RecordEvidence.open(await openAsBlob(task.text("file")));
    return shown(await verify(evidence, new Report()));
  },
  verifyNodes: async (task) => {
    const nodes = task.texts("urls").map((each) => new Node(each));
    const evidence = new NodeEvidence(
      nodes[0] as Node,
      task.address("poll"),
      await commonBlock(nodes),
    );
    const found = await verify(evidence, new Report(), { expect: expected(task) });
    if (nodes.length > 1) await checkAgreement(evidence, nodes.slice(1), found.report);
    return shown(found);
  },
  lock: (task) => lock(secret(task.text("key")), task.text("password")),
  unlock: async (task) => {
    const found = await unlock(task.text("keystore"), task.text("password"));
    return found.reveal();
  },
  ballotTypedData: (task) => {
    const domain = { chainId: task.number("chainId"), contract: task.address("contract") };
    const message = {
      voter: task.address("voter"),
      tracker: task.data("tracker", 32),
      replaces: fromWord(task.data("replaces", 32)),
      deadline: task.number("deadline"),
    };
    return JSON.stringify(ballotTypedData(domain, message));
  },
  bindingTypedData: (task) =>
    JSON.stringify(bindingTypedData(bindingFromPlain(task.form("binding")))),
  figures: (task) => {
    const questions = Questions.of(task.lists("questions", 4));
    const texts = decode(task.text("content"), questions);
    const turnout = {
      voters: task.number("voters"),
      onRoll: task.isNull("onRoll") ? null : task.number("onRoll"),
      weight: task.number("weight"),
      totalWeight: task.number("totalWeight"),
    };
    const quorum = quorumOf(texts, turnout);
    const scores = task.numbers("scores");
    let at = 0;
    const results = texts.questions.map((each, index) => {
      const limits = questions.items[index] as Question;
      const own = scores.slice(at, (at += limits.options));
      const { unit, partsOf, options, rule } = figuresOf(each, limits, own, turnout);
      return {
        unit,
        percentOf: partsOf,
        needed: rule?.needed ?? null,
        parts: options.map(({ part }) => part && [...part]),
        means: options.map(({ mean }) => mean && [...mean]),
        most: options.filter((one) => one.hasMost).map((one) => one.option),
        passed: rule && options.filter((one) => one.passes).map((one) => one.option),
      };
    });
    return { quorumMet: quorum?.isMet ?? null, results };
  },
  foundation: async (task) => {
    const node = new Node(task.text("url"));
    const evidence = new NodeFoundation(node, task.address("poll"), await node.block());
    const report = new Report();
    await checkFoundation(evidence, report, task.data("expect", 32));
    report.require();
    return "holds";
  },
};

const secret = (text: string): Secret => new Secret(BigInt(text));

const expected = (task: Form): Bytes | null =>
  task.has("expect") ? task.data("expect", 32) : null;

function prepared(task: Form): PreparedBallot {
  const voter = {
    voter: task.address("voter"),
    weight: task.number("weight"),
    replaces: fromWord(task.data("replaces", 32)),
  };
  const poll = fromPlain(task.form("poll"));
  return PreparedBallot.encrypt(task.numbers("scores").map(Number), poll, voter);
}

const shown = (found: Verification): Writable => ({
  verdict: found.report.verdict,
  checks: found.report.checks.map(({ name, verdict, detail }) => [name, verdict, detail]),
  result: resultOf(found),
});

/** The scores of every question; null unless every check passed, and if there is no result. */
function resultOf({ report, foundation, state }: Verification): Writable {
  const { definition } = foundation;
  if (report.verdict !== "pass" || !definition || !state?.result.length) return null;
  const texts = decode(definition.content, definition.questions);
  return byText(texts, state.result).map(({ options }) => options.map(([, score]) => score));
}

async function outcome(form: Form): Promise<Writable> {
  try {
    return { done: await (TASKS[form.text("task")] as (task: Form) => Writable)(form) };
  } catch (error) {
    if (!(error instanceof VecheError)) throw error;
    return { error: error.name, message: error.message };
  }
}

const tasks = parse(readFileSync(0, "utf8"));
const found: Writable[] = [];
for (const each of Array.isArray(tasks) ? tasks : [])
  found.push(await outcome(new Form(each, "task")));
writeFileSync(1, write(found));
