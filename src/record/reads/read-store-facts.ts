import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { DatabaseUnavailable, type Refusal } from '../store/errors.ts';
import { assertWritable } from '../store/probe-write.ts';
import { readScheduleFacts, type ScheduleFacts } from './read-schedule-facts.ts';

/** What the store says of itself, for `keysweep doctor`. */
export interface StoreFacts {
  readonly server: string;
  /** Why a row cannot be written; null if one was. */
  readonly refusesWrites: Refusal | null;
  /** PostgreSQL's: `15.4`, and 150004. */
  readonly version: string;
  readonly versionNumber: number;
  readonly encoding: string;
  /** Tables that this user may not read, write and remove rows of. */
  readonly closedTables: readonly string[];
  /** Batches and alerts whose lease ended minutes ago, so that nobody works on them. */
  readonly orphanedBatches: number;
  readonly orphanedAlerts: number;
  /** Open sweeps that are minutes past their deadline, so that nobody closes them. */
  readonly lateSweeps: number;
  readonly schedules: readonly ScheduleFacts[];
  /** When the last full sweep of any trigger closed; simulated ones do not count. */
  readonly lastFullSweepAt: Date | null;
}

/** Longer than it takes `reconcile` to hand the work on. */
const graceMinutes = 3;

/** `schedules`: their ids. `hasQueue`: the queue is in this store too. */
export async function readStoreFacts(
  database: Database,
  schedules: readonly string[],
  hasQueue: boolean,
): Promise<StoreFacts> {
  return {
    server: database.server,
    ...(await readServer(database, hasQueue)),
    ...(await readWork(database)),
    schedules: await readScheduleFacts(database, schedules),
    refusesWrites: await findWriteRefusal(database),
  };
}

async function findWriteRefusal(database: Database): Promise<Refusal | null> {
  try {
    await assertWritable(database);
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    return error.refused ?? { what: error.message, mend: raiseLimits };
  }
}

/** For a server that leaves too few connections. */
const raiseLimits =
  'raise the limit of the role, the database or the server, or end other programs';

type Server = Pick<StoreFacts, 'version' | 'versionNumber' | 'encoding' | 'closedTables'>;

async function readServer({ db }: Database, hasQueue: boolean): Promise<Server> {
  const schemas = hasQueue ? ['keysweep', 'bullmq'] : ['keysweep'];
  const found = await sql<Server>`
    select current_setting('server_version') as version,
      current_setting('server_version_num')::integer as "versionNumber",
      current_setting('server_encoding') as encoding,
      array(
        select n.nspname || '.' || c.relname
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any (${schemas}) and c.relkind in ('r', 'p')
          and c.relname not like 'migration%'
          and not (
            has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
            and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete')
          )
        order by 1
      ) as "closedTables"
  `.execute(db);
  const [row] = found.rows;
  if (row === undefined) throw new Error('the database answered with nothing');
  return row;
}

type Work = Pick<
  StoreFacts,
  'orphanedBatches' | 'orphanedAlerts' | 'lateSweeps' | 'lastFullSweepAt'
>;

async function readWork({ db }: Database): Promise<Work> {
  const past = sql`now() - interval '${sql.raw(String(graceMinutes))} minutes'`;
  const found = await sql<Work>`
    select
      (select count(*)::integer from keysweep.sweep_batch b
        join keysweep.sweep s on s.id = b.sweep_id
        where s.closed_at is null and b.done_at is null and b.leased_until < ${past}
      ) as "orphanedBatches",
      (select count(*)::integer from keysweep.alert
        where state = 'pending' and leased_until < ${past}) as "orphanedAlerts",
      (select count(*)::integer from keysweep.sweep
        where closed_at is null and deadline_at < ${past}) as "lateSweeps",
      (select closed_at from keysweep.sweep where scope = 'full' and closed_at is not null
        and not simulated order by id desc limit 1) as "lastFullSweepAt"
  `.execute(db);
  const [row] = found.rows;
  if (row === undefined) throw new Error('the database answered with nothing');
  return row;
}
