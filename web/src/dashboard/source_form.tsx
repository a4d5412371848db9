/** What is to be checked: a poll at nodes or relays, or an election record. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Bytes, bytesOf } from "../bytes";
import { urlIn } from "../chain/wire";
import { known } from "../errors";
import { checked } from "../protocol/addresses";
import { type Link, parseLink, textOf } from "../protocol/link";
import { CodeArea } from "../ui/code_area";
import { Field, type FieldProps } from "../ui/field";
import { FileDrop } from "../ui/file_drop";
import { Notice } from "../ui/notice";
import { type Key, useWords } from "../ui/words";
import type { Source } from "./messages";

interface SourceFormProps {
  readonly link: Link | null;
  readonly at: string | null;
  /** Whether something is checked already: then the form steps back. */
  readonly isBegun: boolean;
  readonly onSource: (source: Source) => void;
}

/** What stands in the fields. */
interface Typed {
  readonly poll: string;
  readonly urls: string;
  readonly told: string;
  readonly catalogue: string;
}

type Faults = { readonly [name in keyof Typed]?: Key };

const HASH = /^0x[0-9a-f]{64}$/i;

/** The poll that a text names: by a link, or by an address alone; null if it is neither. */
function named(text: string): Pick<Source, "poll" | "chainId" | "told"> | null {
  try {
    const { address, chainId, pollHash } = parseLink(text);
    return { poll: address, chainId, told: pollHash };
  } catch (error) {
    known(error);
  }
  const poll = checked(text);
  return poll === null ? null : { poll, chainId: null, told: null };
}

const urlsIn = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

const hashIn = (text: string): Bytes | null =>
  HASH.test(text) ? bytesOf(text.slice(2).toLowerCase()) : null;

/** What a field holds: null if it is empty, undefined if it is wrong. */
function held<T>(text: string, read: (text: string) => T | null): T | null | undefined {
  return text.trim() ? (read(text.trim()) ?? undefined) : null;
}

/** What the fields ask for, with a file or without; or what is wrong with them. */
export function sourceOf(typed: Typed, file: File | null): Source | Faults {
  const found = held(typed.poll, named);
  const urls = urlsIn(typed.urls);
  const told = held(typed.told, hashIn);
  const catalogue = held(typed.catalogue, checked);
  const faults: Faults = {
    ...(found || (found === null && file) ? {} : { poll: "dash.form.pollFault" }),
    ...(urls.every(urlIn) && (urls.length || file) ? {} : { urls: "dash.form.urlsFault" }),
    ...(told === undefined && { told: "dash.form.toldFault" }),
    ...(catalogue === undefined && { catalogue: "dash.form.catalogueFault" }),
  };
  const isRight = found !== undefined && told !== undefined && catalogue !== undefined;
  if (!isRight || Object.keys(faults).length) return faults;
  return { file, urls, catalogue, ...(found ?? NOBODY), ...(told && { told }) };
}

const NOBODY = { poll: null, chainId: null, told: null };

const isSource = (found: Source | Faults): found is Source => "file" in found;

export function SourceForm({ link, at, isBegun, onSource }: SourceFormProps): JSX.Element {
  const words = useWords();
  const [typed, setTyped] = useState<Typed>({
    poll: link ? textOf(link) : "",
    urls: at ?? "",
    told: "",
    catalogue: "",
  });
  const [file, setFile] = useState<File | null>(null);
  const [faults, setFaults] = useState<Faults>({});
  const submit = (chosen: File | null, from: Typed): void => {
    const found = sourceOf(from, chosen);
    setFaults(isSource(found) ? {} : found);
    if (isSource(found)) onSource(found);
  };
  const fault = (name: keyof Typed): string | null => {
    const key = faults[name];
    return key ? words.say(key) : null;
  };
  const input = (name: keyof Typed, rows: number) => (props: FieldProps) => (
    <CodeArea
      {...props}
      rows={rows}
      value={typed[name]}
      onText={(text) => setTyped({ ...typed, [name]: text })}
    />
  );
  return (
    <details class="source" open={!isBegun}>
      <summary>{words.say("dash.form.what")}</summary>
      {!link && (
        <Notice kind="note">
          <p>{words.say("dash.form.noLink")}</p>
        </Notice>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(file, typed);
        }}
      >
        <Field
          id="poll"
          label={words.say("dash.form.poll")}
          hint={words.say("dash.form.pollHint")}
          fault={fault("poll")}
          control={input("poll", 3)}
        />
        <Field
          id="urls"
          label={words.say("dash.form.urls")}
          hint={words.say("dash.form.urlsHint")}
          fault={fault("urls")}
          control={input("urls", 2)}
        />
        <details>
          <summary>{words.say("dash.form.more")}</summary>
          <Field
            id="told"
            label={words.say("dash.form.told")}
            hint={words.say("dash.form.toldHint")}
            fault={fault("told")}
            control={input("told", 2)}
          />
          <Field
            id="catalogue"
            label={words.say("dash.form.catalogue")}
            hint={words.say("dash.form.catalogueHint")}
            fault={fault("catalogue")}
            control={input("catalogue", 1)}
          />
        </details>
        <p class="actions">
          <button type="submit" class="main">
            {words.say(file ? "dash.form.doBoth" : "dash.form.do")}
          </button>
        </p>
      </form>
      <FileDrop
        id="record"
        label={words.say("dash.form.record")}
        hint={words.say("dash.form.recordHint")}
        onFile={(chosen) => {
          setFile(chosen);
          submit(chosen, { ...typed, urls: "" });
        }}
      />
    </details>
  );
}
