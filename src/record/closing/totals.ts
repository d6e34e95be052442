import { type RawBuilder, sql } from 'kysely';
import { type Coverage, toCoverage } from '../../keys/coverage.ts';
import type { VerdictCounts } from '../../report/model.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { unknownKeys } from '../store/packs/unknown-keys.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';

/** The totals of a sweep, as reports and alerts show them. */
export interface Totals {
  readonly verdicts: VerdictCounts;
  readonly coverage: Coverage;
  /** The hash of the set of unknown keys. */
  readonly unknownHash: Buffer | null;
  /** Whether that set differs from the one in the full sweep closed before. */
  readonly unknownsChanged: boolean;
}

interface Counted {
  readonly tracked: number;
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly partial: number;
  readonly unknown_hash: string | null;
}

/**
 * The counts of these sweeps by their packs `p`, and the hash of the unknown keys of each in hex: a
 * row per sweep that has a key.
 */
export function countedSweeps(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select p.sweep_id, sum(p.pass + p.fail + p.waived + p.unknown)::integer as tracked,
      sum(p.pass)::integer as pass, sum(p.fail)::integer as fail, sum(p.waived)::integer as waived,
      sum(p.unknown)::integer as unknown, sum(p.partial)::integer as partial,
      (
        select encode(sha256(convert_to(
          string_agg(s.key_id::text, ',' order by s.key_id), 'UTF8')), 'hex')
        from ${unknownKeys(sql`p.sweep_id`)}
      ) as unknown_hash
    from keysweep.pack p where ${which} group by p.sweep_id`;
}

const nothing = { tracked: 0, pass: 0, fail: 0, waived: 0, unknown: 0, partial: 0 };

export async function readTotals(tx: RecordsTransaction, sweepId: number): Promise<Totals> {
  const counted = await sql<Counted>`${countedSweeps(sql`p.sweep_id = ${sweepId}`)}`.execute(tx);
  const before = await sql<{ hash: string | null }>`
    select encode(unknown_hash, 'hex') as hash from keysweep.sweep s
    where scope = 'full' and closed_at is not null order by ${placeOfClosing('s')} desc limit 1
  `.execute(tx);
  const previous = before.rows[0]?.hash ?? null;
  return toTotals(counted.rows[0] ?? { ...nothing, unknown_hash: null }, previous);
}

function toTotals(counted: Counted, previous: string | null): Totals {
  const { pass, fail, waived, unknown, unknown_hash } = counted;
  return {
    verdicts: { pass, fail, waived, unknown },
    coverage: toCoverage(counted),
    unknownHash: unknown_hash === null ? null : Buffer.from(unknown_hash, 'hex'),
    unknownsChanged: unknown_hash !== previous,
  };
}
