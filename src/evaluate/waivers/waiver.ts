import { z } from 'zod';
import { dayMs } from '../../keys/days.ts';
import { id } from '../policy/id.ts';
import { idText } from '../policy/id-text.ts';
import { match } from '../policy/match-schema.ts';
import { plainText } from '../policy/plain-text.ts';

/** Blanks and dots alone name nobody and give no reason. `plainText` reports an empty text. */
const hasWord = /^$|[\p{L}\p{N}]/u;
const person = plainText(200).regex(hasWord, 'must name somebody');
const waivedKey = z.strictObject({ source: id, keyId: idText(512) });

/** The end of the named day, UTC. The waiver holds before this instant, but not at it. */
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
 * An approved exception to one rule, for the listed keys or for those that match. `checkWaivers`
 * demands exactly one of `keys` and `match`; the `oneOf` here is for editors.
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

/** `expires`: the first instant at which it no longer holds. */
export type Waiver = z.output<typeof waiverSchema>;
