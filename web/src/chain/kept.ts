/** Reads once, and again only if that failed: a node could show another the second time. */
export function kept<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => {
    found ??= read().catch((error) => {
      found = null;
      throw error;
    });
    return found;
  };
}
