import type { FindingStatus } from '../../record/reads/lists/findings-filter.ts';

interface KeyName {
  readonly source: string;
  readonly keyId: string;
}

/** Ids of vendors may hold any character. */
export function pathOfKey({ source, keyId }: KeyName): string {
  return `/keys/${encodeURIComponent(source)}/${encodeURIComponent(keyId)}`;
}

export function pathOfSweep(id: string): string {
  return `/sweeps/${encodeURIComponent(id)}`;
}

/** The page of a campaign of a review. */
export function pathOfReview(id: string): string {
  return `/reviews/${encodeURIComponent(id)}`;
}

/** The page of the keys of one owner in a campaign. */
export function pathOfSheet(id: string, sheet: number): string {
  return `${pathOfReview(id)}/${sheet}`;
}

export function pathOfRequest(id: string): string {
  return `/requests/${encodeURIComponent(id)}`;
}

/** The page of a rule of the policy. */
export function pathOfRule(id: string): string {
  return `/policy/rules/${encodeURIComponent(id)}`;
}

export function pathOfBacktest(id: string): string {
  return `/policy/backtests/${encodeURIComponent(id)}`;
}

/** A path with a query; a list stands for several values, and what is undefined is left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | readonly string[] | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) search.append(name, one);
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The findings of a rule with this status. */
export function pathOfFindings(rule: string, status: FindingStatus): string {
  return withQuery('/findings', { rule, status });
}
