import { dayMs } from '../keys/days.ts';
import { parseDuration } from './duration.ts';
import { type Entry, entries, type MeaningFault, repeated } from './plain-values.ts';

/**
 * What a policy says against itself. Works on the plain values, whatever shape they have, so that
 * these faults are told together with those of the schema. Where `now` is given, waivers that ended
 * more than a year before are faults too; a policy that a sweep has pinned stays valid for ever.
 */
export function checkPolicy(raw: unknown, now?: Date): MeaningFault[] {
  const rules = entries(raw, [], 'rules');
  const waivers = entries(raw, [], 'waivers');
  return [
    ...repeated(rules, 'id'),
    ...repeated(waivers, 'id'),
    ...rules.flatMap((rule) => wrongWarning(rule, rules)),
    ...waivers.flatMap((waiver) => wrongRule(waiver, rules)),
    ...waivers.flatMap(wrongKeys),
    ...waivers.flatMap(wrongPeople),
    ...(now === undefined ? [] : waivers.flatMap((waiver) => longPast(waiver, now))),
  ];
}

/** The id of the rule that a `warnBefore` stands for. */
export function dueId(ruleId: string): string {
  return `${ruleId}.due`;
}

function wrongWarning({ path, value }: Entry, rules: readonly Entry[]): MeaningFault[] {
  const { id, warnBefore, after, grace } = value;
  if (typeof warnBefore !== 'string' || typeof id !== 'string') return [];
  const at = [...path, 'warnBefore'];
  const taken = rules.some((rule) => rule.value['id'] === dueId(id));
  const faults = taken
    ? [{ path: at, message: `its violations are called ${dueId(id)}, and so is another rule` }]
    : [];
  const warning = parseDuration(warnBefore);
  const limit = parseDuration(String(after ?? grace));
  if (warning === undefined || limit === undefined || warning < limit) return faults;
  const word = after === undefined ? 'grace' : 'after';
  return [...faults, { path: at, message: `must be shorter than ${word}` }];
}

function wrongRule({ path, value }: Entry, rules: readonly Entry[]): MeaningFault[] {
  const { rule } = value;
  if (typeof rule !== 'string') return [];
  const known = rules.flatMap((one) => {
    const { id, warnBefore } = one.value;
    if (typeof id !== 'string') return [];
    return warnBefore === undefined ? [id] : [id, dueId(id)];
  });
  const missing = rules.every((one) => one.value['type'] !== 'missing');
  if (known.includes(rule) || (missing && rule === 'missing')) return [];
  return [{ path: [...path, 'rule'], message: `there is no rule ${rule}` }];
}

function wrongKeys({ path, value }: Entry): MeaningFault[] {
  if (value['keys'] !== undefined && value['match'] !== undefined) {
    return [
      { path: [...path, 'match'], message: 'keys are given already; a waiver has one of both' },
    ];
  }
  if (value['keys'] !== undefined || value['match'] !== undefined) return [];
  return [{ path, message: 'needs keys, or a match' }];
}

/** Nobody approves what they asked for, and what covers keys that nobody named takes two. */
function wrongPeople({ path, value }: Entry): MeaningFault[] {
  const { requestedBy, approvedBy, match } = value;
  const at = [...path, 'approvedBy'];
  const names = (Array.isArray(approvedBy) ? approvedBy : [approvedBy]).filter(isText).map(plain);
  if (names.length === 0) return [];
  const own = isText(requestedBy) && names.includes(plain(requestedBy));
  const doubled = new Set(names).size < names.length;
  return [
    ...(own ? [{ path: at, message: 'must be somebody else than requestedBy' }] : []),
    ...(doubled ? [{ path: at, message: 'names one person twice' }] : []),
    ...(match !== undefined && names.length < 2
      ? [{ path: at, message: 'must be a list of two people, because the waiver has a match' }]
      : []),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}

const longestPastMs = 365 * dayMs;

function longPast({ path, value }: Entry, now: Date): MeaningFault[] {
  const { expires } = value;
  if (typeof expires !== 'string') return [];
  const ended = Date.parse(`${expires}T00:00:00Z`) + dayMs;
  if (!(now.getTime() - ended > longestPastMs)) return [];
  return [
    { path: [...path, 'expires'], message: 'is past by more than a year; remove this waiver' },
  ];
}
