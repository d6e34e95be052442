import { z } from 'zod';
import { type Wrong, wrongWebUrl } from './address.ts';

/** A text that is a secret: a password, a token, a URL that gives access. */
export const secret = z.string().min(1, 'must not be empty').max(65_536);

/** A text in which `wrong` finds no fault. The schema itself reports an empty text. */
export function checked(wrong: (text: string) => Wrong, text: z.ZodString = secret) {
  return text.superRefine((value, context) => {
    const message = value === '' ? undefined : wrong(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

export const webUrl = checked(wrongWebUrl);
