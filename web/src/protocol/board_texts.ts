/** The texts of a board: its name and its trustees' names (PROTOCOL §2). */

import { InvalidContent } from "../errors";
import { documentOf, listed, name, requireDistinct } from "./texts";

const WHAT = "this board's texts are not a JSON document with name and trustees";

interface BoardTexts {
  readonly name: string;
  /** The name of every trustee, in order. All differ. */
  readonly trustees: readonly string[];
}

/** The texts in the document of a board with this many trustees. */
export function decode(content: string, trustees: number): BoardTexts {
  const raw = documentOf(content, WHAT);
  if (!raw.has("name") || !raw.has("trustees")) throw new InvalidContent(WHAT);
  const texts = {
    name: name(raw.get("name")),
    trustees: listed(raw.get("trustees")).map((each) => name(each)),
  };
  if (texts.trustees.length !== trustees) {
    const named = `the board has ${trustees} trustees, but names ${texts.trustees.length}`;
    throw new InvalidContent(named);
  }
  requireDistinct(texts.trustees, "trustees");
  return texts;
}
