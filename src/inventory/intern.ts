/** Gives one shared text or list for all equal ones, because most keys have common values. */
export interface Pool {
  text(text: string): string;
  /** The list is frozen. */
  list(texts: readonly string[]): readonly string[];
}

export function createPool(): Pool {
  const texts = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const text = (given: string) => known(texts, given, () => given);
  return {
    text,
    // The joined text is unambiguous, because no text holds a control character.
    list: (given) => known(lists, given.join('\0'), () => Object.freeze(given.map(text))),
  };
}

/** A copy of the text: as a slice of a longer one, it would keep all of that in memory. */
export function detach(text: string): string {
  return Buffer.from(text).toString();
}

function known<T>(pool: Map<string, T>, key: string, make: () => T): T {
  const found = pool.get(key);
  if (found !== undefined) return found;
  const made = make();
  pool.set(key, made);
  return made;
}
