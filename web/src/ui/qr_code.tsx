/** A QR code as one path, dark on white in every theme, as cameras want it. */

import { generate } from "lean-qr/nano";
import type { JSX } from "preact";
import { useWords } from "./words";

/** Modules of white around the code. */
const QUIET = 4;

interface QrCodeProps {
  readonly text: string;
  /** What it holds, as a reader would say. */
  readonly what: string;
}

export function QrCode({ text, what }: QrCodeProps): JSX.Element {
  const words = useWords();
  const code = generate(text);
  const all = code.size + 2 * QUIET;
  let path = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
    }
  }
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${all} ${all}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={words.say("qr.name", { what })}
    >
      <rect width={all} height={all} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
