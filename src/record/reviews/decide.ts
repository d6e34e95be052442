import { sql } from 'kysely';
import type {
  ReviewDecisionWord,
  ReviewPerson,
  ReviewSheet,
} from '../../report/review/review-model.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import { readSheets } from '../reads/reviews/read-reviews.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import type { DecidedKey, DecidedRow } from './decided-row.ts';
import { type LockedReview, lockReview } from './lock-review.ts';
import { logDecided } from './log-review.ts';
import { openRevoked, resolveRevoked } from './revoked-findings.ts';

/** Who decides, and of which sheets. `assertMay` throws for a sheet that is not theirs. */
export interface Decider {
  readonly person: ReviewPerson;
  assertMay(sheet: ReviewSheet): void;
}

/** `decided`: how many decisions are new; the same one a second time changes nothing. */
export interface DecidedReview {
  readonly id: string;
  readonly decided: number;
  readonly alerts: readonly WrittenAlert[];
}

/**
 * Keeps decisions on keys of a campaign, all of them or none. The newest decision on a key counts;
 * earlier ones stay. To revoke opens a finding, to keep or to reduce ends one that an earlier
 * decision opened. Throws `RequestRefused` if the campaign is closed or does not list a key.
 */
export async function decideReview(
  database: Database,
  row: number,
  decided: readonly DecidedKey[],
  decider: Decider,
  alerting: Alerting,
): Promise<DecidedReview> {
  return database.transact(async (tx) => {
    const review = await lockReview(tx, row);
    if (review.closedAt !== null) {
      throw new RequestRefused('this review is closed: nothing can be decided in it any more');
    }
    const keys = await findKeys(tx, row, decided);
    await assertAll(tx, row, keys, decider);
    const fresh = keys.filter((key) => !isRepeated(key, decider.person));
    if (fresh.length === 0) return { id: review.id, decided: 0, alerts: [] };
    await writeDecisions(tx, review, fresh, decider.person);
    const alerts = await moveFindings(tx, review, fresh, { ...decider, alerting });
    await logDecided(tx, review, fresh, decider.person);
    return { id: review.id, decided: fresh.length, alerts };
  });
}

async function findKeys(
  tx: RecordsTransaction,
  row: number,
  decided: readonly DecidedKey[],
): Promise<readonly DecidedRow[]> {
  const asked = JSON.stringify(decided.map((key, n) => ({ ...key, n })));
  const { rows } = await sql<DecidedRow & { readonly n: number }>`
    select n.n, k.place, k.sheet, k.key_id as key, n.source, n."keyId", n.decision, n.reason,
      case when d.id is not null then jsonb_build_object('decision', d.decision,
        'reason', d.reason, 'person', d.decided_as) end as before
    from jsonb_to_recordset(${asked}::jsonb)
      as n (n integer, source text, "keyId" text, decision text, reason text)
    join keysweep.review_key k on k.review_id = ${row} and k.source = n.source
      and k.key_text = n."keyId"
    left join keysweep.review_decision d on d.id = k.decision_id
    order by k.place
  `.execute(tx);
  const found = new Set(rows.map(({ n }) => n));
  const absent = decided.find((_, n) => !found.has(n));
  if (absent !== undefined) {
    const name = JSON.stringify(absent.keyId);
    throw new RequestRefused(`this review does not list key ${name} of source ${absent.source}`);
  }
  if (new Set(rows.map(({ place }) => place)).size < rows.length) {
    throw new RequestRefused('a key is named twice: decide on it once');
  }
  return rows.map(({ n: _, ...key }) => key);
}

async function assertAll(
  tx: RecordsTransaction,
  row: number,
  keys: readonly DecidedRow[],
  { assertMay }: Decider,
): Promise<void> {
  const wanted = new Set(keys.map(({ sheet }) => sheet));
  for (const sheet of await readSheets(tx, row, [...wanted])) assertMay(sheet);
}

/** Whether the same person has decided the same already, such as by sending a form twice. */
function isRepeated(
  { decision, reason, before }: DecidedRow,
  { by, sentTo }: ReviewPerson,
): boolean {
  if (before === null || before.decision !== decision || before.reason !== reason) return false;
  return before.person.by === by && before.person.sentTo === sentTo;
}

async function writeDecisions(
  tx: RecordsTransaction,
  { row, now }: LockedReview,
  keys: readonly DecidedRow[],
  person: ReviewPerson,
): Promise<void> {
  const rows = keys.map(({ place, decision, reason }) => ({ place, decision, reason }));
  await sql`
    with written as (
      insert into keysweep.review_decision (review_id, place, decision, reason, decided_as,
        decided_at)
      select ${row}, place, decision, reason, ${JSON.stringify(person)}::jsonb, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as n (place integer, decision text, reason text)
      returning id, place
    )
    update keysweep.review_key k set decision_id = w.id from written w
    where k.review_id = ${row} and k.place = w.place
  `.execute(tx);
  const sheets = [...new Set(keys.map(({ sheet }) => sheet))];
  await sql`
    update keysweep.review_sheet s set answered = (
      select count(*) from keysweep.review_key k
      where k.review_id = s.review_id and k.sheet = s.sheet and k.decision_id is not null
    )
    where s.review_id = ${row} and s.sheet = any (${sheets}::integer[])
  `.execute(tx);
}

/** A key that is not somebody's is still to be revoked, if its owner said so before. */
async function moveFindings(
  tx: RecordsTransaction,
  review: LockedReview,
  keys: readonly DecidedRow[],
  terms: { readonly person: ReviewPerson; readonly alerting: Alerting },
): Promise<readonly WrittenAlert[]> {
  const of = (...words: readonly ReviewDecisionWord[]) =>
    keys.filter(({ decision }) => words.includes(decision));
  const opened = await openRevoked(tx, review, of('revoke'), terms);
  const resolved = await resolveRevoked(tx, review, of('keep', 'reduce'), terms);
  return [...opened, ...resolved];
}
