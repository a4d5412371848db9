/** Whether blocks come, and on private networks who makes them: as a node says. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { MadeBlock } from "../chain/node";
import { usualGap } from "../observer/standstill";
import type { Address } from "../protocol/addresses";
import { ErrorNotice } from "../ui/notice";
import { Say } from "../ui/say";
import { Time } from "../ui/time";
import { useWords } from "../ui/words";
import type { Failure, Look } from "./messages";
import { isFailure } from "./standing";

/** Networks of strangers, where it says nothing whom a block pays. */
const PUBLIC = [
  1n,
  10n,
  56n,
  100n,
  137n,
  8453n,
  17000n,
  42161n,
  59144n,
  534352n,
  560048n,
  11155111n,
];

interface MakersProps {
  readonly blocks: readonly MadeBlock[] | Failure | null;
  readonly look: Look;
  readonly onList: () => void;
}

/** What the newest blocks show of who makes them. */
interface Maker {
  readonly address: Address;
  readonly count: number;
  readonly last: MadeBlock;
}

/** Who made the newest blocks; who made most of them comes first. */
export function makersOf(blocks: readonly MadeBlock[]): Maker[] {
  const found = new Map<Address, Maker>();
  for (const last of blocks) {
    const count = (found.get(last.maker)?.count ?? 0) + 1;
    found.set(last.maker, { address: last.maker, count, last });
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

export function Makers({ blocks, look, onList }: MakersProps): JSX.Element | null {
  const words = useWords();
  const { basis, poll } = look.shown;
  useEffect(onList, [basis.mark.number]);
  if (!blocks) return null;
  return (
    <section aria-labelledby="makers">
      <p class="over">{words.say("dash.says", { name: basis.nodes[0] ?? "" })}</p>
      <h3 id="makers">{words.say("dash.network")}</h3>
      {isFailure(blocks) ? (
        <ErrorNotice told={words.toldOf(blocks.name, blocks.message)} />
      ) : (
        <Blocks blocks={blocks} isPrivate={poll !== null && !PUBLIC.includes(poll.chainId)} />
      )}
    </section>
  );
}

interface BlocksProps {
  readonly blocks: readonly MadeBlock[];
  readonly isPrivate: boolean;
}

function Blocks({ blocks, isPrivate }: BlocksProps): JSX.Element {
  const words = useWords();
  const newest = blocks.at(-1);
  return (
    <>
      <p>
        <Say
          of="dash.blocksCome"
          count={usualGap(blocks.map((each) => each.time))}
          values={{
            number: words.number(newest?.number ?? 0n),
            date: <Time seconds={newest?.time ?? 0n} />,
          }}
        />
      </p>
      {isPrivate && (
        <>
          <p>{words.say("dash.makersIntro", { count: blocks.length })}</p>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.say("dash.maker")}</th>
                  <th scope="col" class="number">
                    {words.say("dash.blocks")}
                  </th>
                  <th scope="col" class="number">
                    {words.say("dash.lastBlock")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {makersOf(blocks).map(({ address, count, last }) => (
                  <tr key={address}>
                    <th scope="row">
                      <code>{address}</code>
                    </th>
                    <td class="number">{words.number(count)}</td>
                    <td class="number">{words.number(last.number)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </>
  );
}
