/** What the sandbox does wrong on purpose. README.md explains kinds and values. */
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

/** The token endpoint, in place of a key id. No key has this id, because it contains a space. */
export const tokenEndpoint = 'token endpoint';

/**
 * One fault. `target`: a key id, `tokenEndpoint`, or null for every key. `ms`, `status` and `url`
 * are what the kind needs. `times`: the number of requests with this fault; undefined: all of them.
 */
export interface VendorFault {
  readonly kind: FaultKind;
  readonly target: string | null;
  readonly times: number | undefined;
  readonly ms: number;
  readonly status: number;
  readonly url: string;
}
