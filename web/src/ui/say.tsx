/** A text with elements in its placeholders, such as a stranger's words in a <bdi>. */

import type { ComponentChildren, JSX } from "preact";
import { type Key, useWords } from "./words";

interface SayProps {
  readonly of: Key;
  readonly count?: number | bigint;
  readonly values?: { readonly [name: string]: ComponentChildren };
}

export function Say({ of, count, values = {} }: SayProps): JSX.Element {
  const words = useWords();
  const all = count === undefined ? values : { count: words.number(count), ...values };
  const parts = words.template(of, count).split(/\{(\w+)\}/);
  return <>{parts.map((each, at) => (at % 2 ? (all[each] ?? `{${each}}`) : each))}</>;
}
