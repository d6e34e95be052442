import { evaluate } from '../../src/evaluate/evaluate.ts';
import { type History, noHistory } from '../../src/evaluate/history/history.ts';
import type { Judgement, Unjudged } from '../../src/evaluate/judgement.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import type { Policy, PolicyRule } from '../../src/evaluate/policy/policy.ts';
import { unknownDetail } from '../../src/evaluate/unknown-detail.ts';
import type { Waiver } from '../../src/evaluate/waivers/waiver.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { Observation } from '../../src/keys/observation.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';

/** The ordinary world: a healthy secret key, seen at noon. A test states its difference. */
export const asOf = new Date('2026-11-23T12:00:00Z');
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;

export function ago(ms: number): Date {
  return new Date(asOf.getTime() - ms);
}

export function aKey(difference: Partial<TrackedKey> = {}): TrackedKey {
  return {
    source: 'prod',
    keyId: 'key_abc123',
    owner: 'payments',
    environment: 'production',
    approvedScopes: null,
    tags: [],
    ...difference,
  };
}

export function details(difference: Partial<KeyDetails> = {}): KeyDetails {
  return {
    name: 'Checkout',
    type: 'secret',
    scopes: ['customers:read'],
    createdOn: ago(20 * day),
    lastUsed: ago(hour),
    lastFour: '7dc0',
    ...difference,
  };
}

export function present(difference: Partial<KeyDetails> = {}): Observation {
  return { kind: 'present', at: asOf, details: details(difference) };
}

export const missing: Observation = { kind: 'missing', at: asOf };

export const unreachable: Observation = {
  kind: 'unknown',
  at: asOf,
  reason: 'unreachable',
  detail: 'ECONNREFUSED',
};

export function staleRule(difference: object = {}): PolicyRule {
  return { ...shared('stale-45'), type: 'stale', after: 45 * day, ...difference };
}

export function neverUsedRule(difference: object = {}): PolicyRule {
  return { ...shared('never-used'), type: 'never-used', grace: 14 * day, ...difference };
}

export function tooOldRule(difference: object = {}): PolicyRule {
  return { ...shared('too-old'), type: 'too-old', after: 90 * day, ...difference };
}

export function overScopedRule(difference: object = {}): PolicyRule {
  return { ...shared('scopes'), type: 'over-scoped', ...difference };
}

export function missingRule(difference: object = {}): PolicyRule {
  return { ...shared('gone'), type: 'missing', ...difference };
}

export function unownedRule(difference: object = {}): PolicyRule {
  return { ...shared('owner'), type: 'unowned', ...difference };
}

export function driftRule(difference: object = {}): PolicyRule {
  return { ...shared('drift'), type: 'scope-drift', ...difference };
}

export function reawakenedRule(difference: object = {}): PolicyRule {
  return { ...shared('woke-up'), type: 'reawakened', dormant: 60 * day, ...difference };
}

export function impossibleRule(difference: object = {}): PolicyRule {
  return { ...shared('impossible'), type: 'impossible-metadata', ...difference };
}

export function unauditedRule(difference: object = {}): PolicyRule {
  return { ...shared('unaudited'), type: 'unaudited', after: 14 * day, ...difference };
}

export function namingRule(difference: object = {}): PolicyRule {
  return { ...shared('names'), type: 'naming', pattern: 'prod-*', ...difference };
}

/** The rule that a `warnBefore` of seven days makes of a rule. */
export function dueOf(rule: PolicyRule, warnBefore = 7 * day): PolicyRule {
  const warning = { ...rule, id: `${rule.id}.due`, severity: 'info', warnBefore, due: true };
  return warning as PolicyRule;
}

export function expressionRule(difference: object = {}): PolicyRule {
  const own = { when: 'key.neverUsed', message: 'as it should not be' };
  return { ...shared('own'), type: 'expression', ...own, ...difference };
}

export function aPolicy(...rules: PolicyRule[]): Policy {
  return { version: 'test', rules, waivers: [] };
}

/** What a test may state of a key beside its observation. */
export interface Rest {
  readonly key?: TrackedKey;
  readonly usageLagMs?: number;
  readonly history?: Partial<History>;
  readonly waivers?: readonly Waiver[];
}

/** Verdict, violations and unknowns, each with its sentence; `judgeWhole` has the rest. */
export function judge(rules: PolicyRule[], observation: Observation, rest: Rest = {}) {
  const { verdict, violations, unjudged } = judgeWhole(rules, observation, rest);
  return { verdict, violations, unjudged: unjudged.map(describeUnjudged) };
}

function describeUnjudged(one: Unjudged) {
  const { rule, reason, fields } = one;
  return { rule, reason, fields, detail: unknownDetail(one) };
}

export function judgeWhole(
  rules: PolicyRule[],
  observation: Observation,
  rest: Rest = {},
): Judgement {
  return evaluate({
    observation,
    key: rest.key ?? aKey(),
    policy: compilePolicy({ ...aPolicy(...rules), waivers: rest.waivers ?? [] }),
    asOf,
    usageLagMs: rest.usageLagMs ?? 0,
    history: { ...noHistory, ...rest.history },
  });
}

function shared(id: string): { id: string; severity: 'high'; controls: string[] } {
  return { id, severity: 'high', controls: [] };
}
