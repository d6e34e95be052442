/** What the sandbox does wrong on purpose. Kinds and values are explained in README.md. */
export const faultKinds = [
  'latency',
  'status',
  'rate-limit',
  'rate-limit-date',
  'rate-limit-bare',
  'missing',
  'missing-failed',
  'failed-200',
  'slow-body',
  'cut-body',
  'oversized',
  'html',
  'wrong-type',
  'not-json',
  'redirect',
  'id-mismatch',
  'null-scopes',
  'bad-dates',
  'no-type',
  'snake-case',
  'bad-expires',
  'reset',
  'hang',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** The token endpoint, where a key id would stand. No key can have this id: it holds a space. */
export const tokenEndpoint = 'token endpoint';

/**
 * One fault. `target`: a key id, `tokenEndpoint`, or null for every key. `ms`, `status` and `url`
 * are what the kind needs. `times`: so many requests meet it, then it is over; undefined: all do.
 */
export interface Fault {
  readonly kind: FaultKind;
  readonly target: string | null;
  readonly times: number | undefined;
  readonly ms: number;
  readonly status: number;
  readonly url: string;
}
