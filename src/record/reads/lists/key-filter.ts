import { type RawBuilder, sql } from 'kysely';
import type { Verdict } from '../../../evaluate/judgement.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import { verdictCode } from '../../store/codes.ts';

/** What people may name to list fewer keys or findings; each list holds alternatives. */
export interface KeyFilter {
  readonly owner?: readonly string[] | undefined;
  readonly environment?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly source?: readonly string[] | undefined;
  /** Key ids, or unique beginnings of them. */
  readonly key?: readonly string[] | undefined;
  /** The newest verdict of the key. */
  readonly verdict?: readonly Verdict[] | undefined;
  /** A part of the key's id, name, source or owner. The letters A to Z are found in either case. */
  readonly text?: string | undefined;
}

/**
 * The conditions that a tracked key `k` must meet, its text apart (`findText`), without a join that
 * could be planned badly.
 */
export function keyConditions(filter: KeyFilter): readonly RawBuilder<unknown>[] {
  const { source, key, verdict } = filter;
  return [
    ...entryConditions(filter),
    source && sql`k.source = ${anyOf(source)}`,
    key && sql`k.key_id = ${anyOf(key)}`,
    verdict && sql`k.verdict = any (${verdict.map(verdictCode)}::smallint[])`,
  ].flatMap((condition) => condition ?? []);
}

function entryConditions({ owner, environment, tag }: KeyFilter): readonly RawBuilder<unknown>[] {
  const conditions = [
    owner && sql`e.owner = ${anyOf(owner)}`,
    environment && sql`e.environment = ${anyOf(environment)}`,
    tag && sql`e.tags && ${[...tag]}::text[]`,
  ].flatMap((condition) => condition ?? []);
  return conditions.length === 0 ? [] : [sql`k.entry_id = ${entriesOf(allOf(conditions))}`];
}

/** The entries are read once, and few. */
function entriesOf(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`any (array(select e.id from keysweep.inventory_entry e where ${condition}))`;
}

/** What a column must equal to be one of these. */
export function anyOf(texts: readonly string[]): RawBuilder<unknown> {
  return sql`any (${[...texts]}::text[])`;
}

/** Other collations take five times as long. */
export function holdsText(value: RawBuilder<unknown>, text: string): RawBuilder<boolean> {
  return sql<boolean>`lower((${value}) collate "C") like ${patternOf(text)}`;
}

/** The pattern for a value in small letters. */
export function patternOf(text: string): RawBuilder<string> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<string>`lower(${pattern}::text collate "C")`;
}

/** All conditions together; true if there are none. */
export function allOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** Whether a key of the inventory that has no verdict yet passes the filter. */
export function passesUnaudited(key: TrackedKey, filter: KeyFilter): boolean {
  if (filter.verdict !== undefined) return false;
  const has = (wanted: readonly string[] | undefined, ...values: readonly (string | null)[]) =>
    wanted === undefined || values.some((value) => value !== null && wanted.includes(value));
  return (
    has(filter.owner, key.owner) &&
    has(filter.environment, key.environment) &&
    has(filter.tag, ...key.tags) &&
    has(filter.source, key.source) &&
    has(filter.key, key.keyId) &&
    holds([key.keyId, key.source, key.owner], filter.text)
  );
}

function holds(texts: readonly (string | null)[], text: string | undefined): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return texts.some((one) => one?.toLowerCase().includes(wanted) === true);
}
