import { sql } from 'kysely';
import { createKeptBlocks, type KeptBlocks } from '../blocks/kept-blocks.ts';
import type { Database } from '../record/store/database.ts';
import { findSweep } from '../record/store/find-by-beginning.ts';
import { readInPages } from '../record/store/paging/read-in-pages.ts';
import { placeOfClosing } from '../record/store/place-of-closing.ts';
import type { ReportSweep } from '../report/model.ts';
import { markSimulated } from '../report/simulated.ts';

/**
 * The sweeps to judge again: one by the beginning of its id, all full sweeps of a time span, or the last closed full
 * one.
 */
export type WantedSweeps =
  | { readonly kind: 'last' }
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'since'; readonly ms: number };

/** A sweep in the records, open or closed. `id` is its row. */
export interface SweepInTime {
  readonly id: number;
  readonly scope: ReportSweep['scope'];
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly policyRow: number;
}

/** A closed sweep that is to be judged again. */
export interface KeptSweep extends SweepInTime {
  readonly closedAt: Date;
  readonly tracked: number;
  readonly policyText: string;
  readonly report: ReportSweep;
}

/** The requested closed sweeps, oldest first. */
export async function readWantedSweeps(
  database: Database,
  wanted: WantedSweeps,
): Promise<readonly KeptSweep[]> {
  const condition = await conditionOf(database, wanted);
  if (condition === undefined) return [];
  const { rows } = await sql<KeptRow>`
    select s.id, s.uuid, s.trigger, s.schedule, s.due_at, s.opened_at, s.closed_at, s.status,
      s.scope, s.tracked, s.policy_id, s.simulated, p.version, p.hash, p.text
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    where s.closed_at is not null and ${condition}
    order by ${placeOfClosing('s')} desc ${wanted.kind === 'since' ? sql`` : sql`limit 1`}
  `.execute(database.db);
  return rows.map(toKept).sort((a, b) => a.id - b.id);
}

interface KeptRow extends Pick<ReportSweep, 'trigger' | 'schedule' | 'status' | 'scope'> {
  readonly id: number;
  readonly uuid: string;
  readonly due_at: Date | null;
  readonly opened_at: Date;
  readonly closed_at: Date;
  readonly tracked: number;
  readonly policy_id: number;
  readonly version: string;
  readonly hash: string;
  readonly text: string;
  readonly simulated: boolean;
}

/** Undefined if no sweep has the id. */
async function conditionOf(database: Database, wanted: WantedSweeps) {
  if (wanted.kind === 'one') {
    const named = await findSweep(database.db, wanted.id);
    return named && sql`s.id = ${named.row}`;
  }
  if (wanted.kind === 'last') return sql`s.scope = 'full'`;
  return sql`s.scope = 'full' and s.opened_at >= now() - ${wanted.ms} * interval '1 millisecond'`;
}

function toKept(row: KeptRow): KeptSweep {
  const { id, scope, trigger, schedule, status, version, hash, tracked } = row;
  const [openedAt, closedAt] = [row.opened_at, row.closed_at];
  return {
    ...{ id, scope, openedAt, closedAt, tracked, policyRow: row.policy_id, policyText: row.text },
    report: {
      ...{ id: row.uuid, trigger, schedule, dueAt: row.due_at, openedAt, closedAt, status, scope },
      policy: { version, hash },
      ...markSimulated(row.simulated),
    },
  };
}

/** All sweeps that have evidence, newest first. */
export async function readTimeline(database: Database): Promise<readonly SweepInTime[]> {
  const { rows } = await sql<SweepInTime>`
    select id, scope, opened_at as "openedAt", closed_at as "closedAt", policy_id as "policyRow"
    from keysweep.sweep order by id desc
  `.execute(database.db);
  return rows;
}

export async function readPolicyText(database: Database, policyRow: number): Promise<string> {
  const { text } = await database.db
    .selectFrom('policy')
    .select('text')
    .where('id', '=', policyRow)
    .executeTakeFirstOrThrow();
  return text;
}

/** Rows of keys, in parts of one size; they are in no memory but for small sweeps. */
export interface SweptKeys {
  readonly count: number;
  /** As often as they are asked for. */
  parts(): Iterable<readonly number[]>;
}

/** The keys that may have rows in these sweeps, in report order. */
export async function listSweptKeys(
  database: Database,
  sweeps: readonly KeptSweep[],
  keysOfPart: number,
): Promise<SweptKeys> {
  const [only, ...more] = sweeps;
  const swept =
    more.length === 0
      ? sql<{ id: number }>`select k.id from keysweep.sweep_key s
          join keysweep.tracked_key k on k.id = s.key_id
          where s.sweep_id = ${only?.id ?? null} order by k.source, k.key_id`
      : sql<{ id: number }>`select id from keysweep.tracked_key order by source, key_id`;
  const blocks = createKeptBlocks();
  let count = 0;
  await database.view(async (view) => {
    for await (const rows of readInPages(view, swept, keysOfPart)) {
      count += rows.length;
      blocks.add(Buffer.from(JSON.stringify(rows.map(({ id }) => id))));
    }
  });
  return { count, parts: () => readKept(blocks) };
}

function* readKept(blocks: KeptBlocks): Iterable<readonly number[]> {
  for (let place = 0; place < blocks.count; place += 1) {
    yield JSON.parse(blocks.read(place).toString()) as number[];
  }
}
