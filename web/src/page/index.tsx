/** The page's one script. Its workers run it too. */

import { render } from "preact";
import { serveDerivation } from "../booth/derivation";
import { serveDesk } from "../booth/desk";
import { work } from "../dashboard/work";
import { Shell } from "./shell";

if (typeof document === "undefined") {
  work();
  serveDesk();
  serveDerivation();
} else {
  // the script stays where it is: the workers start from its text
  const place = document.querySelector("#page") as HTMLElement;
  place.replaceChildren();
  render(<Shell />, place);
}
