import { z } from 'zod';
import { dayMs } from '../../keys/days.ts';
import { id } from '../policy/id.ts';
import { match } from '../policy/match-schema.ts';
import { plainText } from '../policy/plain-text.ts';

/** Of blanks and dots alone nobody can tell who or why. What is empty is told as that. */
const hasWord = /^$|[\p{L}\p{N}]/u;
const person = plainText(200).regex(hasWord, 'must name somebody');
const waivedKey = z.strictObject({ source: id, keyId: plainText(512) });

/** The end of the day named, UTC: until then, and not at it, a waiver holds. */
function endOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs);
}

/** One person, or a list of them; read as a list. */
const approvers = z
  .union([person, z.array(person).min(1).max(10)], {
    error: 'must be a name or a list of 1 to 10 names',
  })
  .transform((names) => (typeof names === 'string' ? [names] : names));

/**
 * An approved exception to one rule, for the keys listed or for those that match. That it has one
 * of both is checked with the meaning; editors are told here.
 */
export const waiverSchema = z
  .strictObject({
    id,
    rule: id,
    keys: z.array(waivedKey).min(1, 'must name at least one key').max(10_000).optional(),
    match: match.meta({ minProperties: 1 }).optional(),
    reason: plainText(1_000).regex(hasWord, 'must say why'),
    requestedBy: person,
    approvedBy: approvers,
    expires: z.iso
      .date({ error: 'must be a day such as 2027-01-31', abort: true })
      .refine((day) => day < '9000', 'must be a day before the year 9000')
      .transform(endOfDay),
  })
  .meta({ oneOf: [{ required: ['keys'] }, { required: ['match'] }] });

/** `expires`: the first instant at which it does not hold any more. */
export type Waiver = z.output<typeof waiverSchema>;
