/** One entry of a list in plain values (YAML or JSON, parsed but not checked), with its path. */
export interface Entry {
  readonly path: readonly (string | number)[];
  readonly value: Readonly<Record<string, unknown>>;
}

/** The entries of the list under a key; an entry that is not a mapping counts as an empty one. */
export function entries(
  parent: unknown,
  path: readonly (string | number)[],
  key: string,
): readonly Entry[] {
  return list(mapping(parent)[key]).map((value, place) => ({
    path: [...path, key, place],
    value: mapping(value),
  }));
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * A fault of meaning in plain values; the document gives the position of `path`. `offset`: the
 * character within the text at that path, from 0.
 */
export interface MeaningFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly offset?: number;
}

/** A fault for each entry whose `field` repeats that of an earlier entry. */
export function repeated(among: readonly Entry[], field: string): MeaningFault[] {
  const seen = new Set<unknown>();
  return among.flatMap(({ path, value }) => {
    const text = value[field];
    if (typeof text !== 'string') return [];
    if (seen.has(text)) return [{ path: [...path, field], message: `${text} is given twice` }];
    seen.add(text);
    return [];
  });
}
