import { readKeyFacts } from '../../../record/reads/pages/read-key-facts.ts';
import { readKeyNights } from '../../../record/reads/pages/read-key-nights.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { asPage, type PageEntry, type PageReads } from '../page-entry.ts';
import { pathOfKey, withQuery } from '../paths.ts';
import { renderKey } from './key-page.tsx';
import { planKeyChanges } from './plan-key-changes.ts';
import { planScopes } from './plan-scopes.ts';

const shownNights = 90;
const mostFindings = 100;

/** `/keys/{source}/{keyId}`: what is known of one key, now and over the nights. */
export const keyPage: PageEntry = {
  path: '/keys/:source/:keyId',
  async show({ frame, params, query }, reads) {
    const { source = '', keyId = '' } = params;
    const facts = await readKeyFacts(reads.database, source, keyId);
    if (facts === undefined) return undefined;
    const asked = /^\d{1,9}$/.exec(query.get('before') ?? '')?.[0];
    const before = asked === undefined ? null : Number(asked);
    const { nights, ...further } = await readKeyNights(
      reads.database,
      facts.row,
      shownNights,
      before,
    );
    const path = pathOfKey(facts);
    const older = further.before === null ? undefined : String(further.before);
    const html = renderKey(frame, {
      ...{ now: frame.at, facts, scopes: planScopes(facts), nights: planKeyChanges(nights) },
      older: older === undefined ? undefined : withQuery(path, { before: older }),
      newest: before === null ? undefined : path,
      findings: await readFindings(reads, source, keyId),
    });
    return asPage(html);
  },
};

/** Open ones first; the key may have left the inventory, which its findings survive. */
async function readFindings(
  { operations }: PageReads,
  source: string,
  keyId: string,
): Promise<readonly ReportFinding[]> {
  const list = operations.findings({
    ...{ status: [], severity: 'info' },
    ...{ source: [source], key: [keyId] },
  });
  const { items } = await list.page({ limit: mostFindings });
  const place = ({ status }: ReportFinding) => ['open', 'waived', 'resolved'].indexOf(status);
  return items.toSorted((a, b) => place(a) - place(b));
}
