import { describeUnknown } from '../../../report/describe-unknown.ts';
import type { OfKey, ReportUnknown } from '../../../report/model.ts';
import type { Records } from '../../store/database.ts';
import { readJudgement } from '../../store/stored-judgement.ts';
import { type ReadOrder, unjudgedMark } from './list-report.ts';
import { readAhead, readEach } from './read-ahead.ts';
import { readJudgedKeys } from './read-judged-keys.ts';
import type { OrderedKey } from './report-order.ts';

/** What could not be judged in the sweep. */
export async function* readUnjudged(
  db: Records,
  list: ReadOrder,
): AsyncIterable<OfKey<ReportUnknown>> {
  const read = (listed: readonly OrderedKey[]) => readJudgedKeys(db, listed);
  for await (const page of readAhead(readEach((await list()).parts(unjudgedMark), read))) {
    for (const { key, judgement } of page) {
      const { unjudged } = readJudgement(judgement);
      yield* unjudged.map((one) => ({ ...describeUnknown(key.source, key.keyId, one), key }));
    }
  }
}
