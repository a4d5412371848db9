/** What a worker does: it examines ballots, or verifies a poll with the help of those who do. */

import { hex } from "../bytes";
import { Node } from "../chain/node";
import { InvalidDocument, known, VecheError } from "../errors";
import { checkAgreement, commonBlock } from "../observer/agreement";
import type { Examiner } from "../observer/ballot_box";
import { examine, type Findings } from "../observer/ballots";
import { NodeEvidence } from "../observer/node_evidence";
import { RecordEvidence } from "../observer/record_evidence";
import { resultOf, type Verification, verify } from "../observer/verification";
import { checked } from "../protocol/addresses";
import { decode } from "../protocol/content";
import { fromPlain, type PollDefinition, toPlain } from "../protocol/definition";
import { write } from "../protocol/json";
import { Form } from "../protocol/plain";
import { faultIn, Report } from "../trust/report";
import {
  type Answer,
  answerOf,
  type Job,
  type News,
  type Source,
  sumsOf,
  type Task,
} from "./messages";

/** Waits for tasks. */
export function work(): void {
  self.addEventListener("message", ({ data }: MessageEvent<Task>) => {
    if (data.kind === "examine") help(data.port);
    else if (data.kind === "verify") void run(data.source, data.expect, data.helpers);
  });
}

// -- Helpers --

function help(port: MessagePort): void {
  let text = "";
  let poll: PollDefinition | null = null;
  port.onmessage = ({ data }: MessageEvent<Job>) => {
    if (!poll || data.poll !== text) {
      text = data.poll;
      poll = fromPlain(Form.parse(text, "poll"));
    }
    port.postMessage(answer(poll, data));
  };
}

function answer(poll: PollDefinition, job: Job): Answer {
  try {
    return answerOf(examine(poll, job.ballots));
  } catch (error) {
    const kind = error instanceof InvalidDocument ? "malformed" : "broken";
    return { kind, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Gives ballots to whichever helper has the least to do. */
function examiner(helpers: readonly MessagePort[]): Examiner {
  const waiting = helpers.map((): ((answer: Answer) => void)[] => []);
  for (const [at, port] of helpers.entries()) {
    port.onmessage = ({ data }: MessageEvent<Answer>) => waiting[at]?.shift()?.(data);
  }
  return {
    width: 2 * helpers.length,
    examine: (poll, ballots) =>
      new Promise<Findings>((resolve, reject) => {
        const least = waiting.reduce(
          (best, each, at) => (each.length < (waiting[best]?.length ?? 0) ? at : best),
          0,
        );
        waiting[least]?.push((found) => {
          if (found.kind === "malformed") reject(new InvalidDocument(found.message));
          else if (found.kind === "broken") reject(new Error(found.message));
          else resolve({ faults: found.faults, sums: sumsOf(found.sums) });
        });
        helpers[least]?.postMessage({ poll: write(toPlain(poll)), ballots });
      }),
  };
}

// -- Verification --

const tell = (news: News): void => self.postMessage(news);

async function run(
  source: Source,
  expect: Uint8Array<ArrayBuffer> | null,
  helpers: readonly MessagePort[],
): Promise<void> {
  const report = new Report((check) => tell({ kind: "check", check }));
  const progress = (ballots: number): void => tell({ kind: "progress", ballots });
  try {
    const options = { expect, progress, examiner: examiner(helpers) };
    const found =
      source.kind === "record"
        ? await verify(await RecordEvidence.open(source.file), report, options)
        : await verifyNodes(source.urls, source.poll, report, options);
    tell({ kind: "done", verdict: report.verdict, ...shown(found) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: "failed", name: error instanceof VecheError ? known(error).name : name, message });
  }
}

async function verifyNodes(
  urls: readonly string[],
  poll: string,
  report: Report,
  options: Parameters<typeof verify>[2],
): Promise<Verification> {
  const nodes = urls.map((each) => new Node(each));
  const address = checked(poll);
  const [first, ...others] = nodes;
  if (!first || address === null)
    throw new InvalidDocument("a node and a poll's address are needed");
  const evidence = new NodeEvidence(first, address, await commonBlock(nodes));
  const found = await verify(evidence, report, options);
  if (others.length) await checkAgreement(evidence, others, report);
  return found;
}

function shown(found: Verification): Omit<Extract<News, { kind: "done" }>, "kind" | "verdict"> {
  const { definition } = found.foundation;
  if (!definition) return { title: null, pollHash: null, result: null };
  let title: string | null = null;
  faultIn(() => {
    title = decode(definition.content, definition.questions).title;
  });
  return { title, pollHash: hex(definition.hash), result: resultOf(found) };
}
