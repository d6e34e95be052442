import { z } from 'zod';
import { wrongIdText } from './id-text.ts';

export const longestId = 100;

const form =
  'must be 1 to 100 letters, digits, dots, underscores or hyphens, and begin with a letter or digit';

/** The id of anything that configuration names: sources, schedules, channels, rules. */
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
  error: ({ input }) => wrongIdText(String(input)) ?? form,
});
