import { sql } from 'kysely';
import type { Subjects } from '../../evidence/leaves/leaf.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { appendLeaf, type EventToLog } from './append-leaf.ts';

/** A thing that may change, and what it is now, such as the cron line of a schedule. */
export interface Fact {
  readonly kind: 'retention' | 'schedule' | 'policy' | 'inventory' | 'waiver';
  readonly name: string;
  readonly value: string;
}

/** Tells the log, unless it said the same of this thing last. Returns whether it told. */
export async function logIfChanged(
  tx: RecordsTransaction,
  { kind, name, value }: Fact,
  event: EventToLog,
  subjects: Subjects = {},
): Promise<boolean> {
  const changed = await sql`
    insert into keysweep.log_fact as f (kind, name, value) values (${kind}, ${name}, ${value})
    on conflict (kind, name) do update set value = excluded.value where f.value <> excluded.value
  `.execute(tx);
  if ((changed.numAffectedRows ?? 0n) === 0n) return false;
  await appendLeaf(tx, event, subjects);
  return true;
}

/** What the log said of all things of a kind. */
export async function readFacts(
  tx: RecordsTransaction,
  kind: Fact['kind'],
): Promise<readonly Omit<Fact, 'kind'>[]> {
  return tx.selectFrom('log_fact').select(['name', 'value']).where('kind', '=', kind).execute();
}

/** Tells the log that a thing is gone, if the log knew of it. */
export async function logGone(
  tx: RecordsTransaction,
  { kind, name }: Omit<Fact, 'value'>,
  event: EventToLog,
): Promise<void> {
  const gone = await tx
    .deleteFrom('log_fact')
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst();
  if (gone.numDeletedRows > 0n) await appendLeaf(tx, event);
}
