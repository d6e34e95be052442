import type { KeyDetails } from './detail-fields.ts';

/** Why a key could not be observed or judged. These words are part of the report's contract. */
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

/**
 * The result of one lookup of a key at `at` (database clock): its details, or why there are none.
 */
export type Observation =
  | { readonly kind: 'present'; readonly at: Date; readonly details: KeyDetails }
  | { readonly kind: 'missing'; readonly at: Date }
  | {
      readonly kind: 'unknown';
      readonly at: Date;
      readonly reason: UnknownReason;
      readonly detail: string;
    };
