import { describeUnknown } from '../../../report/describe-unknown.ts';
import type { OfKey, ReportUnknown } from '../../../report/model.ts';
import type { Records } from '../../store/database.ts';
import { readJudgement } from '../../store/stored-judgement.ts';
import { type ReadOrder, unjudgedMark } from './list-report.ts';
import { readAhead } from './read-ahead.ts';
import { type ReportedKey, readJudgedKeys } from './read-judged-keys.ts';
import type { OrderedKey } from './report-order.ts';

/** What could not be judged in the sweep. */
export async function* readUnjudged(
  db: Records,
  sweepRow: number,
  list: ReadOrder,
): AsyncIterable<OfKey<ReportUnknown>> {
  const parts = (await list()).parts(unjudgedMark);
  for await (const page of readAhead(pagesOf(db, sweepRow, parts))) {
    for (const { key, judgement } of page) {
      const { unjudged } = readJudgement(judgement);
      yield* unjudged.map((one) => ({ ...describeUnknown(key.source, key.keyId, one), key }));
    }
  }
}

async function* pagesOf(
  db: Records,
  sweepRow: number,
  parts: Iterable<readonly OrderedKey[]>,
): AsyncIterable<readonly ReportedKey[]> {
  for (const part of parts) yield await readJudgedKeys(db, sweepRow, part);
}
