/** The page's one script. Its workers run it too. */

import { render } from "preact";
import { serveDesk } from "../booth/desk";
import { work } from "../dashboard/work";
import { Shell } from "./shell";

if (typeof document === "undefined") {
  work();
  serveDesk();
} else {
  document.body.replaceChildren();
  render(<Shell />, document.body);
}
