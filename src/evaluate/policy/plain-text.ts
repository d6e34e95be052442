import { z } from 'zod';

/**
 * No control characters and no lone surrogates: the database refuses some, terminals obey others.
 */
const plain = /^[^\p{Cc}\p{Cs}]*$/u;

/** A text of 1 to `max` characters that is safe to store and to print. */
export function plainText(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(plain, 'must not hold control characters or halves of surrogate pairs');
}

/** As `plain`, but with tabs and line ends allowed. */
const lines = /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u;

/** As `plainText`, but with several lines allowed. */
export function plainLines(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(lines, 'must not hold control characters or halves of surrogate pairs');
}
