/** The verdict in a few sentences, and what it rests on. */

import type { JSX } from "preact";
import { hex } from "../bytes";
import { COMPLETE } from "../observer/verification";
import { Notice } from "../ui/notice";
import { Time } from "../ui/time";
import { useWords, type Words } from "../ui/words";
import type { Look } from "./messages";
import type { Shown, ShownBasis } from "./shown";

interface SummaryProps {
  readonly look: Look;
  readonly isAlarm: boolean;
}

export function Summary({ look, isAlarm }: SummaryProps): JSX.Element {
  const words = useWords();
  const kind = { pass: "good", fail: "bad", pending: "note" } as const;
  return (
    <div id="verdict" data-verdict={look.verdict}>
      <Notice kind={kind[look.verdict]} title={heading(look, words)}>
        {isAlarm && <p id="alarm">{words.say("dash.alarmDo")}</p>}
        <p>{sentences(look, words).join(" ")}</p>
      </Notice>
      <Whose basis={look.shown.basis} />
      <RestsOn look={look} />
    </div>
  );
}

/** The verdict in a line. */
function heading({ verdict, checks, shown }: Look, words: Words): string {
  if (verdict === "pass") return words.say("dash.pass", { count: checks.length });
  const count = checks.filter((each) => each.verdict === "fail").length;
  if (verdict === "fail") return words.say("dash.fail", { count, all: checks.length });
  const made = checks.filter((each) => each.verdict === "pass").length;
  return words.say(shown.basis.isFile ? "dash.pendingFile" : "dash.pending", { count: made });
}

/** What the verdict says of the poll, and what it leaves open. */
function sentences({ verdict, checks, shown }: Look, words: Words): string[] {
  if (verdict === "fail") return [words.say("dash.failDo")];
  const ballots = ballotsText(shown, words);
  if (verdict === "pass") {
    if (shown.phase === "cancelled") return [words.say("dash.cancelled")];
    if (shown.phase === "void") {
      return [ballots, words.say("dash.void", { count: Number(shown.poll?.minVoters ?? 0n) })];
    }
    return [ballots, words.say("dash.result")];
  }
  const pending = checks.filter((each) => each.verdict === "pending");
  const isAlone = pending.some((each) => each.name === COMPLETE);
  const left = words.say("dash.toCome", { count: pending.length });
  return [ballots, left, ...(isAlone ? [words.say("dash.fileAlone")] : [])];
}

/** What is known of the ballots. */
function ballotsText({ turnout, basis }: Shown, words: Words): string {
  const count = Number(turnout?.voters ?? 0n);
  if (count) return words.say("dash.ballots", { count });
  return words.say(basis.isFile && !basis.nodes.length ? "dash.noBallotsInFile" : "dash.noBallots");
}

/** What does not show whose poll this is; nothing if all does. */
function Whose({ basis }: { readonly basis: ShownBasis }): JSX.Element | null {
  const words = useWords();
  if (basis.isTold !== null) return null;
  const key = basis.isNamed ? "dash.whoseCatalogue" : "dash.whose";
  return (
    <Notice kind="warning">
      <p id="whose">{words.say(key)}</p>
    </Notice>
  );
}

function RestsOn({ look }: { readonly look: Look }): JSX.Element {
  const words = useWords();
  const { basis, poll } = look.shown;
  const { mark } = basis;
  return (
    <section class="rests" aria-labelledby="rests">
      <h3 id="rests">{words.say("dash.rests")}</h3>
      <dl>
        <dt>{words.say("dash.rests.hash")}</dt>
        <dd>
          {hashText(basis, words)} {poll && <code>{hex(poll.hash)}</code>}
        </dd>
        <dt>{words.say("dash.rests.catalogue")}</dt>
        <dd>
          {catalogueText(basis, words)} <code>{basis.catalogue}</code>
        </dd>
        <dt>{words.say("dash.rests.nodes")}</dt>
        <dd>{nodesText(basis, words)}</dd>
        <dt>{words.say("dash.rests.block")}</dt>
        <dd>
          {words.number(mark.number)}, <Time seconds={mark.time} utc />{" "}
          <code>{hex(mark.hash)}</code>
        </dd>
      </dl>
    </section>
  );
}

function hashText({ isTold }: ShownBasis, words: Words): string {
  if (isTold === null) return words.say("dash.rests.notTold");
  return words.say(isTold ? "dash.rests.told" : "dash.rests.otherHash");
}

function catalogueText({ isTold, isNamed, catalogue }: ShownBasis, words: Words): string {
  if (catalogue === null) return words.say("dash.rests.noCatalogue");
  if (isNamed) return words.say("dash.rests.named");
  if (isTold) return words.say("dash.rests.ofHash");
  return words.say(isNamed === null ? "dash.rests.anyCatalogue" : "dash.rests.otherCatalogue");
}

/** How many nodes have shown the poll: only those of different hosts may be different people's. */
function nodesText({ nodes, isFile }: ShownBasis, words: Words): string {
  const names = nodes.join(", ");
  if (!nodes.length) return words.say("dash.rests.file");
  if (isFile) return words.say("dash.rests.fileAndNodes", { count: nodes.length, names });
  if (nodes.length === 1) return words.say("dash.rests.oneNode", { names });
  const hosts = new Set(nodes.map((each) => each.replace(/:\d+$/, ""))).size;
  const many = words.say("dash.rests.manyNodes", { count: nodes.length, names });
  return hosts === nodes.length
    ? many
    : `${many} ${words.say("dash.rests.hosts", { count: hosts })}`;
}
