/** What the roll says of the voter, and what that means for the secret. */

import type { JSX } from "preact";
import { Copy } from "../ui/copy";
import { Notice } from "../ui/notice";
import { useWords } from "../ui/words";
import type { Opened } from "./opening";
import { type Entitled, isSmall } from "./roll";

/** Maximum weights that a caution names. */
const SHOWN = 3;

interface EntitlementProps {
  readonly entitled: Entitled;
  readonly opened: Opened;
}

export function Entitlement({ entitled, opened }: EntitlementProps): JSX.Element {
  const words = useWords();
  return (
    <>
      <Notice kind="good" title={words.say("booth.roll.on")}>
        <p>
          <code dir="ltr">{entitled.voter}</code>
        </p>
        {entitled.weight > 1n && (
          <p>{words.say("booth.roll.weight", { count: entitled.weight })}</p>
        )}
      </Notice>
      <Cautions entitled={entitled} opened={opened} />
    </>
  );
}

/** The warnings of PROTOCOL §6: results that tell more than they should. */
function Cautions({ entitled, opened }: EntitlementProps): JSX.Element {
  const words = useWords();
  const { minVoters, totalWeight } = opened.definition;
  const most = entitled.roll?.voters ?? Number(totalWeight); // nobody weighs less than 1
  return (
    <>
      {isSmall(most, minVoters) && (
        <Notice kind="warning">
          <p>{words.say("booth.caution.small", { count: most, fewest: minVoters })}</p>
        </Notice>
      )}
      <Weights entitled={entitled} fewest={minVoters} />
    </>
  );
}

interface WeightsProps {
  readonly entitled: Entitled;
  readonly fewest: bigint;
}

/** Whether the voter hides among enough others of the same weight, or that nobody has seen it. */
function Weights({ entitled, fewest }: WeightsProps): JSX.Element | null {
  const words = useWords();
  const { roll, weight } = entitled;
  if (!roll) {
    return (
      <Notice kind="warning">
        <p>{words.say("booth.caution.proven", { count: weight })}</p>
      </Notice>
    );
  }
  if (!roll.rare.length) return null;
  const isOwn = roll.rare.some(([each]) => each === weight);
  return (
    <Notice kind="warning">
      <p>{words.say(isOwn ? "booth.caution.rareOwn" : "booth.caution.rare", { fewest })}</p>
      <ul>
        {roll.rare.slice(0, SHOWN).map(([each, count]) => (
          <li key={each}>{words.say("booth.caution.of", { weight: each, count })}</li>
        ))}
        {roll.rare.length > SHOWN && <li>…</li>}
      </ul>
    </Notice>
  );
}

export function NotOnRoll({ account }: { readonly account: string }): JSX.Element {
  const words = useWords();
  return (
    <Notice kind="bad" title={words.say("booth.roll.off")}>
      <p>
        <code dir="ltr">{account}</code>{" "}
        <Copy text={account} what={words.say("booth.key.address")} />
      </p>
      <p>{words.say("booth.roll.offWhat")}</p>
    </Notice>
  );
}
