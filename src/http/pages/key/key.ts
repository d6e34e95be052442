import { severities } from '../../../evaluate/policy/policy.ts';
import { noDetails } from '../../../keys/detail-fields.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import { markWaiting } from '../../../operations/findings/mark-waiting.ts';
import { findUnswept } from '../../../record/reads/lists/find-unswept.ts';
import { readFindingsOf } from '../../../record/reads/lists/read-findings-page.ts';
import { readKeyFacts } from '../../../record/reads/pages/read-key-facts.ts';
import { readKeyNights } from '../../../record/reads/pages/read-key-nights.ts';
import type { ReportFinding } from '../../../report/model.ts';
import type { Frame } from '../layout/page.tsx';
import { asPage, type PageAnswer, type PageEntry, type PageMeans } from '../page-entry.ts';
import { pathOfKey, withQuery } from '../paths.ts';
import { renderKey } from './key-page.tsx';
import { planKeyChanges } from './plan-key-changes.ts';
import { planScopes } from './plan-scopes.ts';

const shownNights = 90;
const mostFindings = 100;

/** `/keys/{source}/{keyId}`: what is known of one key, now and over the nights. */
export const keyPage: PageEntry = {
  path: '/keys/:source/:keyId',
  async show({ frame, params, query }, { database, config }) {
    const { source = '', keyId = '' } = params;
    const facts = await readKeyFacts(database, source, keyId);
    if (facts === undefined) return showUnswept(frame, { source, keyId }, { database, config });
    const asked = /^\d{1,9}$/.exec(query.get('before') ?? '')?.[0];
    const before = asked === undefined ? null : Number(asked);
    const further = await readKeyNights(database, facts.row, shownNights, before);
    const nights = planKeyChanges(further.nights, further.earlier);
    const path = pathOfKey(facts);
    const older = further.before === null ? undefined : String(further.before);
    const html = renderKey(frame, {
      ...{ now: frame.at, facts, scopes: planScopes(facts), nights },
      older: older === undefined ? undefined : withQuery(path, { before: older }),
      newest: before === null ? undefined : path,
      findings: await listFindings({ database, config }, facts.row, frame.at),
    });
    return asPage(html);
  },
};

/** A key of the inventory that no sweep has seen yet. */
async function showUnswept(
  frame: Frame,
  named: Pick<TrackedKey, 'source' | 'keyId'>,
  { database, config }: Pick<PageMeans, 'database' | 'config'>,
): Promise<PageAnswer | undefined> {
  const listed = await findUnswept(database, config.inventory, named);
  if (listed === undefined) return undefined;
  const nothing = { trackedAt: null, untrackedAt: null, firstScopes: null, observedAt: null };
  const facts = { ...listed, ...nothing, verdict: null, details: noDetails, missing: false };
  const around = { now: frame.at, older: undefined, newest: undefined };
  const html = renderKey(frame, { facts, scopes: [], nights: [], findings: [], ...around });
  return asPage(html);
}

/** Open ones first, and the gravest of these. */
async function listFindings(
  means: Pick<PageMeans, 'database' | 'config'>,
  keyRow: number,
  now: Date,
): Promise<readonly ReportFinding[]> {
  const findings = await markWaiting(means, await readFindingsOf(means.database, keyRow), now);
  const place = ({ status }: ReportFinding) => ['open', 'waived', 'resolved'].indexOf(status);
  const gravity = ({ severity }: ReportFinding) => severities.indexOf(severity);
  return findings
    .toSorted((a, b) => place(a) - place(b) || gravity(b) - gravity(a))
    .slice(0, mostFindings);
}
