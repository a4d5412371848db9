/** The receipt: what counts, by which node, and what it does not prove. */

import type { JSX } from "preact";
import type { Node } from "../chain/node";
import { textOf } from "../protocol/link";
import { QrCode } from "../ui/qr_code";
import { Time } from "../ui/time";
import { useWords } from "../ui/words";
import type { Sent } from "./flow";
import type { Opened } from "./opening";
import { Tracker } from "./tracker";

interface ReceiptProps {
  readonly opened: Opened;
  readonly sent: Sent;
  /** What shows that the ballot counts. */
  readonly node: Node;
}

export function Receipt({ opened, sent, node }: ReceiptProps): JSX.Element {
  const words = useWords();
  const { texts } = opened;
  const link = textOf(opened.link);
  return (
    <section class="receipt" aria-labelledby="receipt">
      <h2 id="receipt">{words.say("booth.receipt.title")}</h2>
      <dl>
        <dt>{words.say("booth.step.poll")}</dt>
        <dd>
          <bdi>{texts.title}</bdi>
        </dd>
        <dt>{words.say("booth.tracker")}</dt>
        <dd>
          <Tracker of={sent.tracker} />
        </dd>
        <dt>{words.say("booth.receipt.seen")}</dt>
        <dd>
          {words.say("booth.receipt.block", {
            block: sent.counted?.block ?? "…",
            node: node.name,
          })}
          <br />
          {sent.counted && <Time seconds={sent.counted.seen} utc />}
        </dd>
        <dt>{words.say("start.link")}</dt>
        <dd>
          <code dir="ltr">{link}</code>
        </dd>
      </dl>
      <QrCode text={`${link} ${sent.tracker}`} what={words.say("booth.receipt.qr")} />
      <p>{words.say("booth.receipt.use")}</p>
      <p>{words.say("booth.receipt.not")}</p>
    </section>
  );
}
