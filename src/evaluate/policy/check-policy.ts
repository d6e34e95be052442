import { checkExpression } from '../expression/check-expression.ts';
import { reviewRevoke } from '../history/finding-type.ts';
import { checkWaivers } from '../waivers/check-waivers.ts';
import { dueId, missingId } from './derived-ids.ts';
import { parseDuration } from './duration.ts';
import { longestId } from './id.ts';
import { type Entry, entries, type MeaningFault, repeated } from './plain-values.ts';

/**
 * Finds the contradictions within a policy. It works on plain values of any shape, so that these
 * faults are reported together with those of the schema. When `now` is given, a waiver that ended
 * more than a year before is a fault too. Without `now`, a pinned policy stays valid for ever.
 */
export function checkPolicy(raw: unknown, now?: Date): MeaningFault[] {
  const rules = entries(raw, [], 'rules');
  const ids = new Set(rules.flatMap(({ value }) => textOf(value['id'])));
  return [
    ...repeated(rules, 'id'),
    ...(now === undefined ? [] : rules.flatMap(checkReserved)),
    ...rules.flatMap((rule) => checkWarning(rule, ids)),
    ...rules.flatMap(checkWhen),
    ...checkWaivers(entries(raw, [], 'waivers'), nameRules(rules, ids), now),
  ];
}

/** Only in a policy that is read now: what a sweep was judged by stays as it is. */
function checkReserved({ path, value }: Entry): MeaningFault[] {
  if (value['id'] !== reviewRevoke) return [];
  return [{ path: [...path, 'id'], message: `${reviewRevoke} is the rule of what reviews decide` }];
}

/** Every rule that a waiver may name: those of the file, and those that are added to a policy. */
function nameRules(rules: readonly Entry[], ids: ReadonlySet<string>): ReadonlySet<string> {
  const warned = rules.filter(({ value }) => value['warnBefore'] !== undefined);
  const due = warned.flatMap(({ value }) => textOf(value['id']).map(dueId));
  const known = new Set([...ids, ...due]);
  const covered = rules.some(({ value }) => value['type'] === 'missing');
  return covered ? known : known.add(missingId(known));
}

function checkWarning({ path, value }: Entry, ids: ReadonlySet<string>): MeaningFault[] {
  const { warnBefore } = value;
  const [id] = textOf(value['id']);
  if (warnBefore === undefined || id === undefined) return [];
  const fault = (message: string) => [{ path: [...path, 'warnBefore'], message }];
  const due = dueId(id);
  return [
    ...(ids.has(due)
      ? fault(`the warning is a rule called ${due}, and another rule has this id; rename one`)
      : []),
    ...(due.length > longestId && id.length <= longestId
      ? fault(`the warning is a rule called ${due}, and this id is too long; shorten the id`)
      : []),
    ...checkWarningTime(value).flatMap(fault),
  ];
}

/** Only an expression has a `when`; for any other rule the schema refuses it. */
function checkWhen({ path, value }: Entry): MeaningFault[] {
  const { type, when } = value;
  if (type !== 'expression' || typeof when !== 'string') return [];
  return checkExpression(when).map((fault) => ({ path: [...path, 'when'], ...fault }));
}

function checkWarningTime(rule: Entry['value']): string[] {
  const limit = rule['type'] === 'never-used' ? 'grace' : 'after';
  const [warning] = textOf(rule['warnBefore']).map(parseDuration);
  const [whole] = textOf(rule[limit]).map(parseDuration);
  if (warning === undefined || whole === undefined || warning < whole) return [];
  return [`must be shorter than ${limit}`];
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}
