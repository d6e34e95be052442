import { readFindingsOf } from '../../../record/reads/lists/read-findings-page.ts';
import { readKeyFacts } from '../../../record/reads/pages/read-key-facts.ts';
import { readKeyNights } from '../../../record/reads/pages/read-key-nights.ts';
import type { Database } from '../../../record/store/database.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { pathOfKey, withQuery } from '../paths.ts';
import { renderKey } from './key-page.tsx';
import { planKeyChanges } from './plan-key-changes.ts';
import { planScopes } from './plan-scopes.ts';

const shownNights = 90;
const mostFindings = 100;

/** `/keys/{source}/{keyId}`: what is known of one key, now and over the nights. */
export const keyPage: PageEntry = {
  path: '/keys/:source/:keyId',
  async show({ frame, params, query }, { database }) {
    const { source = '', keyId = '' } = params;
    const facts = await readKeyFacts(database, source, keyId);
    if (facts === undefined) return undefined;
    const asked = /^\d{1,9}$/.exec(query.get('before') ?? '')?.[0];
    const before = asked === undefined ? null : Number(asked);
    const { nights, ...further } = await readKeyNights(database, facts.row, shownNights, before);
    const path = pathOfKey(facts);
    const older = further.before === null ? undefined : String(further.before);
    const html = renderKey(frame, {
      ...{ now: frame.at, facts, scopes: planScopes(facts), nights: planKeyChanges(nights) },
      older: older === undefined ? undefined : withQuery(path, { before: older }),
      newest: before === null ? undefined : path,
      findings: await listFindings(database, facts.row),
    });
    return asPage(html);
  },
};

/** Open ones first. */
async function listFindings(database: Database, keyRow: number): Promise<readonly ReportFinding[]> {
  const findings = await readFindingsOf(database, keyRow);
  const place = ({ status }: ReportFinding) => ['open', 'waived', 'resolved'].indexOf(status);
  return findings.toSorted((a, b) => place(a) - place(b)).slice(0, mostFindings);
}
