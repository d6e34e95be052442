import { sql } from 'kysely';
import type { Verdict } from '../../../evaluate/judgement.ts';
import type { Database } from '../../store/database.ts';

export interface KeyCount {
  readonly source: string;
  readonly verdict: Verdict;
  readonly keys: number;
}

export interface FindingCount {
  readonly severity: string;
  readonly rule: string;
  readonly findings: number;
}

export interface KeyFigures {
  /** Of the full sweep that closed last; a simulated one does not count. */
  readonly keys: readonly KeyCount[];
  /** Keys without a verdict yet, in the open sweeps. */
  readonly pending: readonly { readonly source: string; readonly keys: number }[];
  /** Sources that refused our credentials, in the full sweep that closed last or an open one. */
  readonly refusedSources: readonly string[];
  /** Sources that asked us to stay away, and for how long from now. */
  readonly waits: readonly { readonly source: string; readonly waitMs: number }[];
  readonly openFindings: readonly FindingCount[];
}

interface LastSweep {
  readonly id: number;
  readonly refused: readonly string[];
}

/**
 * Returns a function that reads the figures. It counts the keys of a closed sweep once, because they
 * do not change any more.
 */
export function createKeyFigures(database: Database): () => Promise<KeyFigures> {
  let counted: { readonly sweep: number; readonly keys: readonly KeyCount[] } | undefined;
  return async () => {
    const last = await readLastSweep(database);
    if (last !== undefined && counted?.sweep !== last.id) {
      counted = { sweep: last.id, keys: await countKeys(database, last.id) };
    }
    const { rows: open } = await sql<{ refused: string }>`
      select distinct unnest(refused_sources) as refused from keysweep.sweep
      where closed_at is null
    `.execute(database.db);
    const refusedSources = new Set([
      ...(last?.refused ?? []),
      ...open.map(({ refused }) => refused),
    ]);
    return {
      keys: last === undefined ? [] : (counted?.keys ?? []),
      refusedSources: [...refusedSources],
      ...(await readRest(database)),
    };
  };
}

/** From the newest closing backwards, because there may be years of sweeps. */
async function readLastSweep({ db }: Database): Promise<LastSweep | undefined> {
  const found = await sql<LastSweep>`
    select w.id, w.refused_sources as refused
    from keysweep.sweep w
    where w.scope = 'full' and not w.simulated and w.closing is not null
    order by w.closing desc limit 1
  `.execute(db);
  return found.rows[0];
}

async function countKeys({ db }: Database, sweep: number): Promise<readonly KeyCount[]> {
  const { rows } = await sql<Record<Verdict, number> & { source: string }>`
    select b.source, sum(p.pass)::integer as pass, sum(p.fail)::integer as fail,
      sum(p.waived)::integer as waived, sum(p.unknown)::integer as unknown
    from keysweep.sweep_batch b
    join keysweep.pack p on p.sweep_id = b.sweep_id and p.batch = b.batch
    where b.sweep_id = ${sweep} group by b.source
  `.execute(db);
  return rows.flatMap(({ source, ...counts }) =>
    Object.entries(counts).flatMap(([verdict, keys]) =>
      keys === 0 ? [] : [{ source, verdict: verdict as Verdict, keys }],
    ),
  );
}

type Rest = Pick<KeyFigures, 'pending' | 'waits' | 'openFindings'>;

async function readRest({ db }: Database): Promise<Rest> {
  const pending = await sql<Rest['pending'][number]>`
    select source, sum(pending)::integer as keys from keysweep.sweep_batch
    where done_at is null group by source
  `.execute(db);
  const waits = await sql<Rest['waits'][number]>`
    select source, (extract(epoch from until - clock_timestamp()) * 1000)::float8 as "waitMs"
    from keysweep.source_wait where until > clock_timestamp()
  `.execute(db);
  const findings = await sql<FindingCount>`
    select severity, rule, count(*)::integer as findings from keysweep.finding
    where state = 'open' group by severity, rule
  `.execute(db);
  return { pending: pending.rows, waits: waits.rows, openFindings: findings.rows };
}
