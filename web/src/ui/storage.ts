/** What the browser keeps: the language for all visits, and drafts until the tab is closed. */

/** A store that a browser may refuse to have: then nothing is kept. */
function store(open: () => Storage) {
  return {
    /** Whether the browser keeps anything. */
    works(): boolean {
      return this.set("kept", "yes") && this.set("kept", null);
    },
    get(name: string): string | null {
      try {
        return open().getItem(`veche.${name}`);
      } catch {
        return null;
      }
    },
    /** Keeps a text, or forgets it if it is null; false if the browser refuses. */
    set(name: string, text: string | null): boolean {
      try {
        if (text === null) open().removeItem(`veche.${name}`);
        else open().setItem(`veche.${name}`, text);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** For all visits. It never holds a secret, nor what anybody voted. */
export const lasting = store(() => localStorage);

/** Until the tab is closed. */
export const untilClosed = store(() => sessionStorage);
