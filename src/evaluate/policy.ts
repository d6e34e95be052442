import { z } from 'zod';
import { duration } from './duration.ts';
import { plainText } from './plain-text.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** The id of anything that configuration names: sources, schedules, channels, rules. */
export const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'must be 1 to 100 letters, digits, dots, underscores or hyphens, and begin with a letter or digit',
  );

const patterns = z.array(plainText(500)).max(1_000);
/** An empty list would match nothing, and so switch its rule off without a word. */
const matchPatterns = patterns.min(1, 'must name at least one pattern').optional();

/** The parts of a `match`; alert routes add to them. */
export const matchParts = {
  source: matchPatterns,
  type: matchPatterns,
  environment: matchPatterns,
  owner: matchPatterns,
  tags: matchPatterns,
  scope: matchPatterns,
};
const match = z.strictObject(matchParts);
export type Match = z.output<typeof match>;

const shared = {
  id,
  severity: z.enum(severities),
  controls: z.array(plainText(200)).max(100).default([]),
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

/** Says of a `type` that is none of the known ones whether it is only not built yet. */
export function refuseType(known: readonly string[], later: readonly string[]) {
  return (issue: { input?: unknown }): string => {
    const type = (issue.input as { type?: unknown } | null)?.type;
    return typeof type === 'string' && later.includes(type)
      ? `${type} is not supported yet`
      : `must be one of ${known.join(', ')}`;
  };
}

const rule = z.discriminatedUnion(
  'type',
  [
    ruleSchemas.stale,
    ruleSchemas['never-used'],
    ruleSchemas['too-old'],
    ruleSchemas['over-scoped'],
    ruleSchemas.missing,
    ruleSchemas.unowned,
  ],
  { error: refuseType(Object.keys(ruleSchemas), rulesNotSupportedYet) },
);

export const policySchema = z.strictObject({
  version: plainText(100),
  rules: z.array(rule).min(1, 'must hold at least one rule').max(1_000),
  waivers: z.array(z.unknown()).max(0, 'waivers are not supported yet').optional(),
});

/** The versioned set of rules that a sweep is judged under. Always has a `missing` rule. */
export interface Policy {
  readonly version: string;
  readonly rules: readonly Rule[];
}
