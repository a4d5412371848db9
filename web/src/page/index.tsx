/** The page's one script. Its workers run it too. */

import { render } from "preact";
import { Screen } from "./screen";
import { work } from "./work";

if (typeof document === "undefined") work();
else render(<Screen />, document.body);
