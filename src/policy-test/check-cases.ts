import { quoted } from '../documents/mistake.ts';
import {
  type Entry,
  entries,
  list,
  type MeaningFault,
  mapping,
  repeated,
} from '../evaluate/policy/plain-values.ts';
import { parseInstant } from '../keys/instant.ts';
import { bareSpan, parseMoment } from './moment.ts';

/** In `unknowns`, this stands for the whole key: nothing could be learned about it. */
export const wholeKey = '*';

/**
 * Finds contradictions in a file of cases, and names that do not exist. It reads the unparsed
 * values, so that these faults are reported together with those of the schema. `rules`: the ids of
 * the policy's rules; undefined if the policy is unknown.
 */
export function checkCases(raw: unknown, rules: ReadonlySet<string> | undefined): MeaningFault[] {
  const cases = entries(raw, [], 'cases');
  const defaults = mapping(mapping(raw)['defaults']);
  return [
    ...repeated(cases, 'name'),
    ...badSpans({ path: ['defaults', 'observed'], value: mapping(defaults['observed']) }),
    ...cases.flatMap((one) => [
      ...checkInstant(one, defaults['at']),
      ...checkNights(one),
      ...(rules === undefined ? [] : checkRules(one, rules)),
    ]),
  ];
}

/** Every observation of a key in a case, the earlier ones first. */
function nightsOf({ path, value }: Entry): readonly Entry[] {
  const before = entries(value, path, 'before');
  if (value['observed'] === undefined) return before;
  return [...before, { path: [...path, 'observed'], value: mapping(value['observed']) }];
}

function checkNights(one: Entry): MeaningFault[] {
  return nightsOf(one).flatMap((night) => [...badSpans(night), ...saysTooMuch(night)]);
}

/** `45d` alone would be read as an unreadable instant, and the case would test something else. */
function badSpans({ path, value }: Entry): MeaningFault[] {
  return ['createdOn', 'lastUsed'].flatMap((field) => {
    const text = value[field];
    if (typeof text !== 'string' || !bareSpan.test(text)) return [];
    return [{ path: [...path, field], message: `must say which way: ${text} ago, or in ${text}` }];
  });
}

const notOfVendor = ['at', 'acknowledged', 'missing', 'unknown'];

function saysTooMuch({ path, value }: Entry): MeaningFault[] {
  const word = ['missing', 'unknown'].find((one) => value[one] !== undefined);
  if (word === undefined) return [];
  const other = word === 'missing' ? 'unknown' : undefined;
  return Object.keys(value)
    .filter((field) => !notOfVendor.includes(field) || field === other)
    .map((field) => ({
      path: [...path, field],
      message: `cannot stand beside ${word}: then the vendor says nothing of the key`,
    }));
}

/** Every case needs an instant. Its earlier observations must come before it, oldest first. */
function checkInstant(one: Entry, standard: unknown): MeaningFault[] {
  const { path, value } = one;
  const written = value['at'] ?? standard;
  if (written === undefined) {
    return [{ path, message: 'needs an at, here or in defaults' }];
  }
  const at = typeof written === 'string' ? parseInstant(written) : undefined;
  if (at === undefined) return [];
  return [...checkOrder(one, at), ...checkTracked(one, at)];
}

function checkOrder({ path, value }: Entry, at: Date): MeaningFault[] {
  let last: Date | undefined;
  return entries(value, path, 'before').flatMap((night) => {
    const written = night.value['at'];
    const seen = typeof written === 'string' ? parseMoment(written, at) : undefined;
    if (seen === undefined) return [];
    const where = [...night.path, 'at'];
    const early = last !== undefined && seen <= last;
    last = seen;
    if (seen >= at) return [{ path: where, message: 'must be before the at of the case' }];
    return early ? [{ path: where, message: 'must come after the one before it' }] : [];
  });
}

function checkTracked({ path, value }: Entry, at: Date): MeaningFault[] {
  const written = value['trackedSince'];
  const since = typeof written === 'string' ? parseMoment(written, at) : undefined;
  if (since === undefined || since <= at) return [];
  return [{ path: [...path, 'trackedSince'], message: 'must not be after the at of the case' }];
}

function checkRules({ path, value }: Entry, rules: ReadonlySet<string>): MeaningFault[] {
  const expect = mapping(value['expect']);
  const named = ['violations', 'waived', 'unknowns'].flatMap((field) =>
    list(expect[field]).map((id, place) => ({ id, path: [...path, 'expect', field, place] })),
  );
  const about = { id: value['rule'], path: [...path, 'rule'] };
  const acknowledged = entries(value, path, 'before').flatMap((night) =>
    list(night.value['acknowledged']).map((id, place) => ({
      id,
      path: [...night.path, 'acknowledged', place],
    })),
  );
  return [about, ...named, ...acknowledged].flatMap(({ id, path: where }) => {
    if (typeof id !== 'string' || rules.has(id)) return [];
    if (id === wholeKey && where.includes('unknowns')) return [];
    return [{ path: where, message: `there is no rule ${quoted(id)} in the policy` }];
  });
}
