/** Reads a small file of the reader's device: a key file, or an opened ballot. */

import { InvalidDocument } from "../errors";

/** Maximum bytes: an opened ballot of 60 choices has a tenth. */
const MOST = 1 << 20;

/** The text of a file. What is larger than any that is meant here is not read. */
export async function textIn(file: Blob): Promise<string> {
  if (file.size <= MOST) return file.text();
  throw new InvalidDocument(`the file has ${file.size} bytes, and should have at most ${MOST}`);
}
