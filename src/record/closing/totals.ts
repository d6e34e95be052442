import { sql } from 'kysely';
import { type Coverage, toCoverage } from '../../keys/coverage.ts';
import type { VerdictCounts } from '../../report/model.ts';
import { verdictInSql } from '../store/codes.ts';
import type { RecordsTransaction } from '../store/database.ts';
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
  readonly previous_hash: string | null;
}

const unknown = verdictInSql('unknown');

/** The counts of rows of `sweep_key` by their verdicts, and the hash of the unknown keys in hex. */
export const countedColumns = sql`count(*)::integer as tracked,
  count(*) filter (where verdict = ${verdictInSql('pass')})::integer as pass,
  count(*) filter (where verdict = ${verdictInSql('fail')})::integer as fail,
  count(*) filter (where verdict = ${verdictInSql('waived')})::integer as waived,
  count(*) filter (where verdict = ${unknown})::integer as unknown,
  count(*) filter (where verdict <> ${unknown} and judgement ? 'u')::integer as partial,
  encode(sha256(convert_to(
    string_agg(key_id::text, ',' order by key_id) filter (where verdict = ${unknown}), 'UTF8'
  )), 'hex') as unknown_hash`;

export async function readTotals(tx: RecordsTransaction, sweepId: number): Promise<Totals> {
  const found = await sql<Counted>`
    select ${countedColumns},
      (select encode(unknown_hash, 'hex') from keysweep.sweep s
       where scope = 'full' and closed_at is not null order by ${placeOfClosing('s')} desc limit 1
      ) as previous_hash
    from keysweep.sweep_key where sweep_id = ${sweepId}
  `.execute(tx);
  const counted = found.rows[0];
  if (counted === undefined) throw new Error('a count came back empty');
  return toTotals(counted);
}

function toTotals(counted: Counted): Totals {
  const { pass, fail, waived, unknown, unknown_hash } = counted;
  return {
    verdicts: { pass, fail, waived, unknown },
    coverage: toCoverage(counted),
    unknownHash: unknown_hash === null ? null : Buffer.from(unknown_hash, 'hex'),
    unknownsChanged: unknown_hash !== counted.previous_hash,
  };
}
