/** One filter of a list, as it stands in the URL. */
export interface ActiveFilter {
  readonly name: string;
  readonly value: string;
  /** The same list without this filter. */
  readonly without: string;
}

/** Names of the query that choose a part of a list, and no items. */
const places = ['cursor', 'sort'];

/** The filters of a query, each with the address of the list without it. */
export function listActive(path: string, query: URLSearchParams): readonly ActiveFilter[] {
  return [...query]
    .filter(([name, value]) => value !== '' && !places.includes(name))
    .map(([name, value]) => {
      const others = new URLSearchParams(
        [...query].filter(
          ([other, its]) => other !== 'cursor' && !(other === name && its === value),
        ),
      );
      return { name, value, without: withSearch(path, others) };
    });
}

/** The same list with another value of one name; the list begins anew, unless that is its place. */
export function withValue(
  path: string,
  query: URLSearchParams,
  name: string,
  value: string | undefined,
): string {
  const changed = new URLSearchParams([...query].filter(([other]) => other !== 'cursor'));
  changed.delete(name);
  if (value !== undefined) changed.set(name, value);
  return withSearch(path, changed);
}

/**
 * A query as the schema of a list reads it: a field that a form left empty is no filter, and a name
 * that comes several times is a list.
 */
export function toInput(query: URLSearchParams, names: readonly string[]): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of names) {
    const values = query.getAll(name).filter((value) => value !== '');
    if (values.length > 0) input[name] = values.length === 1 ? values[0] : values;
  }
  return input;
}

/** What is wrong with the first name of a query that is none of these; undefined if all are known. */
export function refuseOtherNames(
  query: URLSearchParams,
  names: readonly string[],
): string | undefined {
  const [other] = [...query].find(([name, value]) => value !== '' && !names.includes(name)) ?? [];
  if (other === undefined) return undefined;
  return `no filter is called ${JSON.stringify(other)}; known: ${names.join(', ')}`;
}

function withSearch(path: string, search: URLSearchParams): string {
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
