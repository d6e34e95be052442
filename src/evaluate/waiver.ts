import { z } from 'zod';
import { id } from './id.ts';
import { match } from './match-schema.ts';
import { plainText } from './plain-text.ts';

const person = plainText(200);
const waivedKey = z.strictObject({ source: id, keyId: plainText(512) });

/** The end of the day named, UTC: until then, and not at it, a waiver holds. */
function endOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
}

/** One person, or a list of them; read as a list. */
const approvers = z
  .union([person, z.array(person).min(1).max(10)], {
    error: 'must be a name or a list of 1 to 10 names',
  })
  .transform((names) => (typeof names === 'string' ? [names] : names));

/** An approved exception to one rule, for the keys listed or for those that match. */
export const waiverSchema = z.strictObject({
  id,
  rule: id,
  keys: z.array(waivedKey).min(1, 'must name at least one key').max(10_000).optional(),
  match: match
    .refine((parts) => Object.values(parts).some((part) => part !== undefined), {
      message: 'must say what the keys have in common',
    })
    .optional(),
  reason: plainText(1_000),
  requestedBy: person,
  approvedBy: approvers,
  expires: z.iso
    .date('must be a day such as 2027-01-31')
    .refine((day) => day < '9000', 'must be a day before the year 9000')
    .transform(endOfDay),
});

/** `expires`: the first instant at which it does not hold any more. */
export type Waiver = z.output<typeof waiverSchema>;
