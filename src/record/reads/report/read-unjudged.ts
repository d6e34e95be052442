import { sql } from 'kysely';
import { describeUnknown } from '../../../report/describe-unknown.ts';
import type { ReportUnknown } from '../../../report/model.ts';
import type { Records } from '../../store/database.ts';
import { readJudgement, type StoredJudgement } from '../../store/stored-judgement.ts';
import { type ReadOrder, unjudgedMark } from './list-report.ts';
import { readAhead } from './read-ahead.ts';
import { cutOrder, readSweptRows } from './swept-rows.ts';

interface Found {
  readonly judgement: StoredJudgement;
}

/** What could not be judged in the sweep. */
export async function* readUnjudged(
  db: Records,
  sweepRow: number,
  list: ReadOrder,
): AsyncIterable<ReportUnknown> {
  const chunks = readAhead(cutOrder(await list(), unjudgedMark), (some) =>
    readSweptRows<Found>(db, sweepRow, some, { judgement: sql`s.judgement` }),
  );
  for await (const rows of chunks) {
    for (const { source, keyId, judgement } of rows) {
      const { unjudged } = readJudgement(judgement);
      yield* unjudged.map((one) => describeUnknown(source, keyId, one));
    }
  }
}
