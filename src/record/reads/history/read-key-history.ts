import type { KeyHistory } from '../../../report/key-history/key-history-model.ts';
import type { Database } from '../../store/database.ts';
import type { PageAsked } from '../../store/paging/page.ts';
import { readFindingsOf } from '../lists/read-findings-page.ts';
import { readKnownKey } from './read-known-key.ts';
import { readMoments } from './read-moments.ts';

/** A key with its findings and a page of its history. Undefined if no sweep has ever opened it. */
export async function readKeyHistory(
  database: Database,
  named: { readonly source: string; readonly keyId: string },
  asked: PageAsked,
): Promise<KeyHistory | undefined> {
  const known = await readKnownKey(database, named.source, named.keyId);
  if (known === undefined) return undefined;
  const findings = await readFindingsOf(database, known.row);
  return { key: known.key, findings, ...(await readMoments(database, known, asked)) };
}
