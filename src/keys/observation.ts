/**
 * What the vendor says of one key. A field that is `undefined` was absent or unreadable: a rule
 * that needs it answers unknown. `lastUsed: null` is readable and means never used. Text is already
 * escaped for the database (no U+0000, no lone surrogates).
 */
export interface KeyDetails {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly createdOn: Date | undefined;
  readonly lastUsed: Date | null | undefined;
  readonly lastFour: string | undefined;
}

/** The words of the report for “why nothing could be learned”, as contracts has them. */
export const unknownReasons = [
  'unreachable',
  'timeout',
  'rate-limited',
  'unauthorized',
  'forbidden',
  'vendor-error',
  'invalid-response',
  'id-mismatch',
  'missing',
  'field-unreadable',
  'evaluation-error',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/** What was learned of one key at one time (`at`, database clock), or why nothing could be. */
export type Observation =
  | { readonly kind: 'present'; readonly at: Date; readonly details: KeyDetails }
  | { readonly kind: 'missing'; readonly at: Date }
  | {
      readonly kind: 'unknown';
      readonly at: Date;
      readonly reason: UnknownReason;
      readonly detail: string;
    };
