/** What a worker does: it examines ballots, or observes a poll with the help of those who do. */

import { type Bytes, same } from "../bytes";
import { listPolls } from "../chain/catalogue";
import { MOST_MADE, type Node, newestBlocks } from "../chain/node";
import { openNode } from "../chain/places";
import { InvalidDocument, known, NodeError, said, WrongNetwork } from "../errors";
import { checkRecord } from "../observer/agreement";
import type { Examiner } from "../observer/ballot_box";
import { examine, type Findings } from "../observer/ballots";
import type { Evidence } from "../observer/evidence";
import { RecordEvidence } from "../observer/record_evidence";
import { blockTime, patience, Standstill } from "../observer/standstill";
import { type Options, type Verification, verify } from "../observer/verification";
import { type Observation, Watch } from "../observer/watching";
import { fromPlain, type PollDefinition, toPlain } from "../protocol/definition";
import { write } from "../protocol/json";
import { Form } from "../protocol/plain";
import { Report } from "../trust/report";
import {
  type Answer,
  answerOf,
  type Failure,
  type Fate,
  type Job,
  type News,
  type Source,
  sumsOf,
  type Task,
} from "./messages";
import { type CataloguePoll, type Rests, saidBy, shownOf, textsOf } from "./shown";

/** Seconds between two looks at a poll that is followed. */
const EVERY = 5;
/** The chain on which blocks come with transactions alone: none may come for days. */
const EMBEDDED = 31337n;

/** Waits for tasks. */
export function work(): void {
  let observer: Observer | null = null;
  const acts: { readonly [K in Task["kind"]]: (task: Extract<Task, { kind: K }>) => void } = {
    examine: ({ port }) => help(port),
    observe: ({ source, helpers }) => {
      observer = new Observer(source, examiner(helpers));
      void observer.observe();
    },
    find: ({ tracker }) => void observer?.find(tracker),
    catalogue: () => void observer?.listCatalogue(),
    makers: () => void observer?.listMakers(),
  };
  self.addEventListener("message", ({ data }: MessageEvent<Task>) => {
    const act = acts[data.kind] as ((task: Task) => void) | undefined;
    act?.(data); // others have messages for workers too
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
    return { kind, message: said(error).message };
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

// -- Observation --

const tell = (news: News): void => self.postMessage(news);

const seconds = (): number => performance.now() / 1000;

/** A poll whose last look passed, to ask for more. */
interface Seen {
  readonly found: Verification;
  readonly evidence: Evidence;
}

class Observer {
  readonly #source: Source;
  readonly #examiner: Examiner;
  #nodes: readonly Node[] = [];
  #seen: Seen | null = null;
  /** One thing is done after the other: a ballot that is just being counted is not told of. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(source: Source, helpers: Examiner) {
    this.#source = source;
    this.#examiner = helpers;
  }

  async observe(): Promise<void> {
    try {
      const { file, urls } = this.#source;
      this.#nodes = await Promise.all(urls.map(openNode));
      if (file) await this.#observeRecord(file);
      else await this.#observeNodes();
    } catch (error) {
      tell({ kind: "failed", ...said(error) });
    }
  }

  #report(): Report {
    return new Report((check) => tell({ kind: "check", check }));
  }

  #options(): Required<Pick<Options, "expect" | "examiner" | "progress">> {
    const progress = (ballots: number): void => tell({ kind: "progress", ballots });
    return { expect: this.#source.told, examiner: this.#examiner, progress };
  }

  get #rests(): Rests {
    const { told, catalogue, file } = this.#source;
    return { told, catalogue, nodes: this.#nodes.map((each) => each.name), isFile: file !== null };
  }

  #show(evidence: Evidence, found: Verification, isLast: boolean, isReorganised = false): boolean {
    this.#seen = { found, evidence };
    const { report } = found;
    const shown = shownOf(found, evidence.mark(), this.#rests);
    const isEnd = isLast || report.verdict === "fail";
    const { verdict, checks } = report;
    tell({ kind: "look", verdict, checks, shown, isLast: isEnd, isReorganised });
    return isEnd;
  }

  // -- Records --

  async #observeRecord(file: Blob): Promise<void> {
    const evidence = await RecordEvidence.open(file);
    await this.#say(evidence);
    const nodes = this.#nodes;
    const confirm = nodes.length
      ? (record: Evidence, report: Report) => checkRecord(record, nodes, report)
      : null;
    await this.#inTurn(async () => {
      const found = await verify(evidence, this.#report(), { ...this.#options(), confirm });
      this.#show(evidence, found, true);
    });
  }

  /** Tells what is shown before it is checked; if it cannot be read, a check will fail. */
  async #say(evidence: Evidence): Promise<void> {
    try {
      tell({ kind: "said", said: await saidBy(evidence) });
    } catch (error) {
      if (known(error) instanceof NodeError) throw error;
    }
  }

  // -- Nodes --

  async #observeNodes(): Promise<void> {
    const [first, ...others] = this.#nodes;
    const { poll, chainId } = this.#source;
    if (!first || poll === null) {
      throw new InvalidDocument("a node and a poll's address are needed");
    }
    const own = await first.chainId();
    if (chainId !== null && own !== chainId) {
      throw new WrongNetwork(`${first.name} is on chain ${own}, and the poll is on ${chainId}`);
    }
    first.progress = (done, whole) => tell({ kind: "blocks", done, whole });
    const watch = new Watch({ nodes: [first, ...others], poll, ...this.#options() });
    await this.#follow(watch, await this.#standstill(own));
  }

  async #standstill(chainId: bigint): Promise<Standstill> {
    const names = this.#nodes.map((each) => each.name).join(" or ");
    if (chainId === EMBEDDED) return new Standstill(names, Number.POSITIVE_INFINITY);
    return new Standstill(names, patience(EVERY, await Promise.all(this.#nodes.map(blockTime))));
  }

  /** Looks again and again, until nothing more can happen to the poll, or a check failed. */
  async #follow(watch: Watch, still: Standstill): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const seen = await this.#look(watch, isFirst);
      if (seen) {
        still.move(seen.mark, seen.found.foundation.definition?.closes ?? null, seconds());
        tell({ kind: "still", seconds: null });
        const isReorganised = !isFirst && seen.isReorganised;
        if (this.#show(seen.evidence, seen.found, seen.isOver, isReorganised)) return;
      } else {
        const noticed = still.notice(seconds(), Date.now() / 1000);
        if (noticed !== null) tell({ kind: "still", seconds: noticed });
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY * 1000));
    }
  }

  /** A look; null if no block has come, or if a later look may be better. The first must be made. */
  #look(watch: Watch, isFirst: boolean): Promise<Observation | null> {
    return this.#inTurn(async () => {
      try {
        const say = (evidence: Evidence): Promise<void> => this.#say(evidence);
        return await watch.look(isFirst ? this.#report() : new Report(), isFirst ? say : null);
      } catch (error) {
        if (isFirst || !(known(error) instanceof NodeError)) throw error;
        tell({ kind: "lost", ...said(error) });
        return null;
      }
    });
  }

  // -- Questions --

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const found = this.#turn.then(act);
    this.#turn = found.catch(() => undefined);
    return found;
  }

  find(tracker: Bytes): Promise<void> {
    return this.#inTurn(async () => {
      const block = this.#seen?.evidence.mark().number ?? 0n;
      const fate = await orFailure(() => this.#find(tracker));
      tell({ kind: "found", finding: { tracker, block, fate } });
    });
  }

  async #find(tracker: Bytes): Promise<Fate> {
    const counted = this.#seen?.found.box?.counted;
    for (const [voter, own] of counted ?? []) {
      if (same(own.tracker, tracker)) return { kind: "counted", voter };
    }
    for await (const { voter } of this.#seen?.evidence.find([{ voter: null, tracker }]) ?? []) {
      const by = counted?.get(voter)?.tracker;
      if (by) return { kind: "replaced", voter, by };
    }
    return { kind: "absent" };
  }

  listCatalogue(): Promise<void> {
    return this.#inTurn(async () => {
      tell({ kind: "catalogue", polls: await orFailure(() => this.#polls()) });
    });
  }

  async #polls(): Promise<CataloguePoll[]> {
    const catalogue = this.#seen?.found.foundation.catalogue;
    const [node] = this.#nodes;
    if (!node || !catalogue || !this.#seen) return [];
    const listed = await listPolls(node, catalogue, await node.block());
    return listed.map(({ content, questions, ...each }) => ({
      ...each,
      title: textsOf({ content, questions })?.title ?? null,
    }));
  }

  listMakers(): Promise<void> {
    return this.#inTurn(async () => {
      const [node] = this.#nodes;
      const blocks = await orFailure(async () => (node ? newestBlocks(node, MOST_MADE) : []));
      tell({ kind: "makers", blocks });
    });
  }
}

/** What is read, or why it cannot be. */
async function orFailure<T>(read: () => Promise<T>): Promise<T | Failure> {
  try {
    return await read();
  } catch (error) {
    return said(error);
  }
}
