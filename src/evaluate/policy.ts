import { z } from 'zod';
import { duration } from './duration.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, . _ -');
const patterns = z.array(z.string().min(1).max(500));

const match = z.strictObject({
  source: patterns.optional(),
  type: patterns.optional(),
  environment: patterns.optional(),
  owner: patterns.optional(),
  tags: patterns.optional(),
  scope: patterns.optional(),
});
export type Match = z.output<typeof match>;

const shared = {
  id,
  severity: z.enum(severities),
  controls: z.array(z.string().min(1).max(200)).default([]),
  match: match.optional(),
};

/** One schema a rule type; a rule's parameters are these fields, durations in milliseconds. */
export const ruleSchemas = {
  stale: z.strictObject({ ...shared, type: z.literal('stale'), after: duration }),
  'never-used': z.strictObject({ ...shared, type: z.literal('never-used'), grace: duration }),
  'too-old': z.strictObject({ ...shared, type: z.literal('too-old'), after: duration }),
  'over-scoped': z.strictObject({
    ...shared,
    type: z.literal('over-scoped'),
    allow: patterns.optional(),
    forbid: patterns.optional(),
  }),
  missing: z.strictObject({ ...shared, type: z.literal('missing') }),
  unowned: z.strictObject({ ...shared, type: z.literal('unowned') }),
} as const;

export type RuleType = keyof typeof ruleSchemas;
export type RuleOf<T extends RuleType> = z.output<(typeof ruleSchemas)[T]>;
export type Rule = { [T in RuleType]: RuleOf<T> }[RuleType];

/** Rule types that contracts names and that are not built yet: refused, never ignored. */
export const rulesNotSupportedYet = [
  'scope-drift',
  'reawakened',
  'impossible-metadata',
  'unaudited',
  'naming',
  'expression',
] as const;

export const policySchema = z.strictObject({
  version: z.string().min(1).max(100),
  rules: z.array(z.discriminatedUnion('type', Object.values(ruleSchemas) as never)).min(1),
});

/** The versioned set of rules that a sweep is judged under. Always has a `missing` rule. */
export interface Policy {
  readonly version: string;
  readonly rules: readonly Rule[];
}
