/** The ids of enrolments. They stand in URLs, in file names and on paper. */

import { InvalidDocument } from "../errors";

const FORM = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** A text, if it is the id of an enrolment. */
export function enrolmentId(text: string): string {
  if (FORM.test(text)) return text;
  const rule = "has 1 to 31 letters from a to z, digits and dashes";
  throw new InvalidDocument(`an enrolment's id ${rule}, and begins with a letter or a digit`);
}
