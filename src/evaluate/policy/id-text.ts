import { z } from 'zod';

/**
 * What nobody sees in an id, although it makes it another one: control and format characters,
 * characters that are ignored in print, halves of surrogate pairs, and all space but the blank.
 */
const unseen =
  '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{DI}\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000';
const seenOnly = new RegExp(`^[^${unseen}]*$`, 'u');
const firstUnseen = new RegExp(`[${unseen}]`, 'u');

/** What is wrong with an id that holds a character that nobody sees: its code point (U+200B). */
export function wrongIdText(text: string): string | undefined {
  const found = firstUnseen.exec(text)?.[0];
  if (found === undefined) return undefined;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `must not hold U+${code}, ${kindOf(found)}`;
}

function kindOf(sign: string): string {
  if (/\p{Cc}/u.test(sign)) return 'a control character';
  if (/\p{Cs}/u.test(sign)) return 'half of a surrogate pair';
  return /\p{Z}/u.test(sign) ? 'a space of another kind' : 'an invisible character';
}

/** An id of 1 to `max` characters of which each can be seen. */
export function idText(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(seenOnly, { error: ({ input }) => wrongIdText(String(input)) });
}
