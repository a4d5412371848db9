/** The page's one script. Its workers run it too. */

import { render } from "preact";
import { work } from "../dashboard/work";
import { Shell } from "./shell";

if (typeof document === "undefined") work();
else {
  document.body.replaceChildren();
  render(<Shell />, document.body);
}
