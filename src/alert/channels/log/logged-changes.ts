import { z } from 'zod';
import { waysKnown } from '../../../report/people/named-person.ts';

/** The fields that an operator needs to act on a finding. Names of keys stay out of the log. */
const finding = z.object({
  rule: z.string(),
  severity: z.string(),
  status: z.string(),
  source: z.string(),
  keyId: z.string(),
  fingerprint: z.string(),
  // Alerts of earlier versions may lack these.
  resolution: z.string().nullable().default(null),
  waiver: z.string().nullable().default(null),
});
const acknowledgement = z.object({
  by: z.string(),
  asserted: z.string().optional(),
  // A later build may know of other ways.
  known: z.enum(waysKnown).optional().catch(undefined),
  subject: z.string().optional(),
  mail: z.string().optional(),
  at: z.string(),
  reason: z.string(),
});
/** At a terminal, the sentence too; and who ended it, if somebody did. */
const told = finding.extend({
  message: z.string().optional(),
  acknowledgement: acknowledgement.nullable().optional(),
});
const findings = z.array(told);
export const changedSchema = z.object({
  sweep: z.unknown(),
  coverage: z.unknown(),
  part: z.number(),
  parts: z.number(),
  opened: findings,
  reopened: findings,
  resolved: findings,
  lapsed: findings,
  // Alerts of earlier versions have none.
  waived: findings.default([]),
  reminders: findings,
});

export type LoggedChanges = z.output<typeof changedSchema>;
