/** Forgets everything that this tab keeps of a voter, as on a device that others use too. */

import type { JSX } from "preact";
import { useWords } from "../ui/words";

export function Forget({ onForget }: { readonly onForget: () => void }): JSX.Element {
  const words = useWords();
  return (
    <p>
      <button type="button" class="plain" onClick={onForget}>
        {words.say("booth.forget")}
      </button>
    </p>
  );
}
