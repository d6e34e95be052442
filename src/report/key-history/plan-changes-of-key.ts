import { detailFields } from '../../keys/detail-fields.ts';
import type { KeyChange, KeyMoment, MomentEntry } from './key-history-model.ts';

export type UnchangedMoment = Omit<KeyMoment, 'changes' | 'events'>;

const entryFields = [
  'owner',
  'environment',
  'approvedScopes',
  'tags',
] as const satisfies readonly (keyof MomentEntry)[];

/**
 * What differs from the moments before (`earlier`, newest first): from the last verdict, the last
 * answer of the vendor, and the last words of the inventory. A field that could not be read has not
 * changed.
 */
export function planChangesOfKey(
  moment: UnchangedMoment,
  earlier: readonly UnchangedMoment[],
): readonly KeyChange[] {
  const [before] = earlier;
  const answered = earlier.find(isAnswered);
  const judged = earlier.find(({ verdict }) => verdict !== null);
  return [
    ...compare('verdict', judged?.verdict, moment.verdict ?? undefined),
    ...(isAnswered(moment) ? compare('missing', answered?.missing, moment.missing) : []),
    ...detailFields.flatMap(({ name }) => compare(name, answered?.[name], moment[name])),
    ...entryFields.flatMap((name) => compare(name, before?.[name], moment[name])),
  ];
}

/** Whether the vendor has answered, if only that there is no such key. */
export function isAnswered(moment: UnchangedMoment): boolean {
  return moment.missing || detailFields.some(({ name }) => moment[name] !== undefined);
}

type Value = KeyChange['before'] | undefined;

function compare(field: KeyChange['field'], before: Value, after: Value): readonly KeyChange[] {
  if (before === undefined || after === undefined || before === after) return [];
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, before, after }];
}
