import { z } from 'zod';
import { longestExpression } from '../expression/longest-expression.ts';
import { type Waiver, waiverSchema } from '../waivers/waiver.ts';
import { duration } from './duration.ts';
import { id } from './id.ts';
import { match, patterns } from './match-schema.ts';
import { plainLines, plainText } from './plain-text.ts';
import { type Severity, severities } from './severity.ts';

export { type Severity, severities };

const shared = {
  id,
  severity: z.enum(severities),
  controls: z.array(plainText(200)).max(100).default([]),
  match: match.optional(),
};

/** How long before its limit a rule warns, with a violation of its own. */
const warnBefore = duration.optional();

/** A schema for each rule type: its parameters. Parsed durations are in milliseconds. */
export const ruleSchemas = {
  stale: z.strictObject({ ...shared, type: z.literal('stale'), after: duration, warnBefore }),
  'never-used': z.strictObject({
    ...shared,
    type: z.literal('never-used'),
    grace: duration,
    warnBefore,
  }),
  'too-old': z.strictObject({ ...shared, type: z.literal('too-old'), after: duration, warnBefore }),
  'over-scoped': z.strictObject({
    ...shared,
    type: z.literal('over-scoped'),
    allow: patterns.optional(),
    forbid: patterns.optional(),
  }),
  'scope-drift': z.strictObject({ ...shared, type: z.literal('scope-drift') }),
  missing: z.strictObject({ ...shared, type: z.literal('missing') }),
  reawakened: z.strictObject({ ...shared, type: z.literal('reawakened'), dormant: duration }),
  'impossible-metadata': z.strictObject({ ...shared, type: z.literal('impossible-metadata') }),
  unaudited: z.strictObject({ ...shared, type: z.literal('unaudited'), after: duration }),
  unowned: z.strictObject({ ...shared, type: z.literal('unowned') }),
  naming: z.strictObject({ ...shared, type: z.literal('naming'), pattern: plainText(500) }),
  expression: z.strictObject({
    ...shared,
    type: z.literal('expression'),
    when: plainLines(longestExpression),
    message: plainText(500),
  }),
} as const;

export type RuleType = keyof typeof ruleSchemas;
type WarningType = 'stale' | 'never-used' | 'too-old';

/**
 * A rule as it is judged. `due` marks the early-warning rule that `warnBefore` adds: its id ends in
 * `.due`, and it fails while the limit is that near but not reached.
 */
export type RuleOf<T extends RuleType> = z.output<(typeof ruleSchemas)[T]> &
  (T extends WarningType ? { readonly due?: true } : unknown);
export type PolicyRule = { [T in RuleType]: RuleOf<T> }[RuleType];

/** The message for a `type` that is not known. */
export function refuseType(known: readonly string[]) {
  return (): string => `must be one of ${known.join(', ')}`;
}

const rule = z.discriminatedUnion(
  'type',
  [
    ruleSchemas.stale,
    ruleSchemas['never-used'],
    ruleSchemas['too-old'],
    ruleSchemas['over-scoped'],
    ruleSchemas['scope-drift'],
    ruleSchemas.missing,
    ruleSchemas.reawakened,
    ruleSchemas['impossible-metadata'],
    ruleSchemas.unaudited,
    ruleSchemas.unowned,
    ruleSchemas.naming,
    ruleSchemas.expression,
  ],
  { error: refuseType(Object.keys(ruleSchemas)) },
);

export const policySchema = z.strictObject({
  version: plainText(100),
  rules: z.array(rule).min(1, 'must hold at least one rule').max(1_000),
  waivers: z.array(waiverSchema).max(10_000).default([]),
});

/**
 * The versioned set of rules and waivers that a sweep is judged by. It always has a `missing` rule,
 * and a separate rule for every `warnBefore`.
 */
export interface Policy {
  readonly version: string;
  readonly rules: readonly PolicyRule[];
  readonly waivers: readonly Waiver[];
  /** Those that wait for their approval, and cover nothing; see `settleWaivers`. */
  readonly waiting?: readonly Waiver[];
}
