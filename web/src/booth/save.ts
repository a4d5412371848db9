/** Saves a text as a file of the reader's device. */
export function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The name of a file about a tracker, such as "ballot-1a2b3c4d.json". */
export const fileName = (kind: string, tracker: string): string =>
  `${kind}-${tracker.slice(2, 10)}.json`;
