import type { ReportKey } from '../../../report/model.ts';
import type { Records } from '../../store/database.ts';
import type { StoredJudgement } from '../../store/stored-judgement.ts';
import { readListedKeys } from './read-keys.ts';
import type { OrderedKey } from './report-order.ts';

export interface ReportedKey {
  readonly id: number;
  readonly key: ReportKey;
  readonly judgement: StoredJudgement | null;
}

/** These keys in their order, each with what the sweep judged of it. */
export async function readJudgedKeys(
  db: Records,
  listed: readonly OrderedKey[],
): Promise<readonly ReportedKey[]> {
  const keys = await readListedKeys(db, listed);
  return keys.map((key, n) => {
    const { id = 0, judgement = null } = listed[n] ?? {};
    return { id, key, judgement };
  });
}
