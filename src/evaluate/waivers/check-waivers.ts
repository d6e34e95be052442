import { dayMs } from '../../keys/days.ts';
import { type Entry, list, type MeaningFault, mapping, repeated } from '../policy/plain-values.ts';
import { plainName } from './plain-name.ts';

/**
 * Finds contradictions within waivers, and between waivers and the rules with the ids `rules`.
 * When `now` is given, a waiver that ended more than a year before is a fault.
 */
export function checkWaivers(
  waivers: readonly Entry[],
  rules: ReadonlySet<string>,
  now: Date | undefined,
): MeaningFault[] {
  return [
    ...repeated(waivers, 'id'),
    ...waivers.flatMap((waiver) => [
      ...checkRule(waiver, rules),
      ...checkKeys(waiver),
      ...checkPeople(waiver),
      ...(now === undefined ? [] : checkEnd(waiver, now)),
    ]),
  ];
}

function checkRule({ path, value }: Entry, rules: ReadonlySet<string>): MeaningFault[] {
  const { rule } = value;
  if (typeof rule !== 'string' || rules.has(rule)) return [];
  return [{ path: [...path, 'rule'], message: `there is no rule ${rule} in this policy` }];
}

function checkKeys({ path, value }: Entry): MeaningFault[] {
  const { keys, match } = value;
  const at = [...path, 'match'];
  if (keys === undefined && match === undefined) {
    return [{ path, message: 'needs keys, or a match' }];
  }
  const both =
    keys !== undefined && match !== undefined
      ? [{ path: at, message: 'keys are given already; a waiver has one of both' }]
      : [];
  const empty = isMapping(match) && Object.keys(match).length === 0;
  return [
    ...both,
    ...(empty ? [{ path: at, message: 'must say what the keys have in common' }] : []),
    ...repeatedKeys(keys, [...path, 'keys']),
  ];
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function repeatedKeys(keys: unknown, path: Entry['path']): MeaningFault[] {
  const seen = new Set<string>();
  return list(keys).flatMap((key, place) => {
    const { source, keyId } = mapping(key);
    if (typeof source !== 'string' || typeof keyId !== 'string') return [];
    const name = JSON.stringify([source, keyId]);
    if (seen.has(name)) return [{ path: [...path, place], message: 'this key is given twice' }];
    seen.add(name);
    return [];
  });
}

/** Nobody may approve their own request. A waiver by `match` needs two approvers. */
function checkPeople({ path, value }: Entry): MeaningFault[] {
  const { requestedBy, approvedBy, match } = value;
  if (approvedBy === undefined) return [];
  const given = Array.isArray(approvedBy) ? approvedBy : [approvedBy];
  const names = given.filter(isText).map(plainName);
  const fault = (message: string) => [{ path: [...path, 'approvedBy'], message }];
  const own = isText(requestedBy) && names.includes(plainName(requestedBy));
  return [
    ...(own ? fault('must be somebody else than requestedBy') : []),
    ...(new Set(names).size < names.length ? fault('names one person twice') : []),
    ...(match !== undefined && given.length < 2
      ? fault('must be a list of two people, because the waiver has a match')
      : []),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A waiver may have ended. It is a fault only when nobody removed it within a year. */
function checkEnd({ path, value }: Entry, now: Date): MeaningFault[] {
  const { expires } = value;
  if (typeof expires !== 'string') return [];
  const late = new Date(Date.parse(`${expires}T00:00:00Z`) + dayMs);
  late.setUTCFullYear(late.getUTCFullYear() + 1);
  if (!(now.getTime() > late.getTime())) return [];
  return [
    { path: [...path, 'expires'], message: 'is past by more than a year; remove this waiver' },
  ];
}
