import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { OwnerConfig } from '../../alert/alerts-config.ts';
import type { PlannedAlert } from '../../alert/message.ts';
import {
  planReviewAsked,
  planReviewEscalated,
  type WaitingSheet,
} from '../../alert/plan/plan-review-alerts.ts';
import type { ReviewEscalated } from '../../alert/review-message.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { type WrittenAlert, writeAlerts } from '../outbox/write-alerts.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { LockedReview } from './lock-review.ts';

/** Where the mails of a campaign go now. */
export interface NoticeTerms {
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  readonly alerting: Alerting;
}

/**
 * Writes a mail to each reviewer for whose keys somebody still has to answer, whoever else may. The
 * caller has locked the campaign.
 */
export async function askReviewers(
  tx: RecordsTransaction,
  review: LockedReview,
  reminder: boolean,
  { owners, alerting }: NoticeTerms,
): Promise<readonly WrittenAlert[]> {
  await followAddresses(tx, review, owners);
  const waiting = await sql<WaitingSheet & { readonly name: string }>`
    select l.name, l.id as "linkId", s.owner, s.keys, s.keys - s.answered as unanswered
    from keysweep.review_link l
    join keysweep.review_sheet s on s.review_id = l.review_id and s.sheet = l.sheet
    where l.review_id = ${review.row} and l.mail is not null and l.withdrawn_at is null
      and s.answered < s.keys
    order by l.name collate "C", s.sheet
  `.execute(tx);
  const byName = new Map<string, WaitingSheet[]>();
  for (const { name, ...sheet } of waiting.rows) {
    byName.set(name, [...(byName.get(name) ?? []), sheet]);
  }
  const alerts = [...byName].flatMap(([reviewer, sheets]) =>
    planReviewAsked(review, { reviewer, reminder, sheets }, alerting),
  );
  return write(tx, alerts, review, alerting);
}

/**
 * A mail goes to the address that the configuration has now. If that is another one than before, the
 * link to the address before ends: a decision is marked with the address that its link went to.
 */
async function followAddresses(
  tx: RecordsTransaction,
  { row }: LockedReview,
  owners: NoticeTerms['owners'],
): Promise<void> {
  const { rows } = await sql<{ id: string; name: string; mail: string | null }>`
    select id, name, mail from keysweep.review_link where review_id = ${row}
  `.execute(tx);
  const moved = rows.flatMap(({ id, name, mail }) => {
    const now = owners.get(name)?.email ?? null;
    return now === mail ? [] : [{ id, next: randomUUID(), mail: now }];
  });
  if (moved.length === 0) return;
  await sql`
    update keysweep.review_link l set id = n.next, mail = n.mail
    from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as n (id uuid, next uuid, mail text)
    where l.id = n.id
  `.execute(tx);
}

/** Alerts the channel of the campaign; see `ReviewEscalated`. */
export async function escalate(
  tx: RecordsTransaction,
  review: LockedReview,
  because: ReviewEscalated['because'],
  { alerting }: Pick<NoticeTerms, 'alerting'>,
): Promise<readonly WrittenAlert[]> {
  const asked = sql`not exists (
    select from keysweep.review_link l where l.review_id = s.review_id and l.sheet = s.sheet
      and l.mail is not null and l.withdrawn_at is null
  )`;
  const { rows } = await sql<{ owner: string | null; keys: number; unanswered: number }>`
    select owner, keys, keys - answered as unanswered from keysweep.review_sheet s
    where review_id = ${review.row} and answered < keys
      and ${because === 'overdue' ? sql`true` : asked}
    order by sheet
  `.execute(tx);
  const counted = await sql<{ keys: number }>`
    select keys from keysweep.review where id = ${review.row}
  `.execute(tx);
  const owners = rows.map(({ owner, unanswered }) => ({ owner, unanswered }));
  const said = { because, keys: counted.rows[0]?.keys ?? 0, owners };
  const alerts = planReviewEscalated(review, said, review.terms.escalateTo, alerting);
  return write(tx, alerts, review, alerting);
}

async function write(
  tx: RecordsTransaction,
  alerts: readonly PlannedAlert[],
  { now: at }: LockedReview,
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  return writeAlerts(tx, alerts, { sweepId: null, destinations, at });
}

/** Which mails of a campaign were written. */
export async function readNotices(
  tx: RecordsTransaction,
  { row }: LockedReview,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ notice: string }>`
    select notice from keysweep.review_notice where review_id = ${row}
  `.execute(tx);
  return new Set(rows.map(({ notice }) => notice));
}

export async function keepNotices(
  tx: RecordsTransaction,
  { row }: LockedReview,
  notices: readonly string[],
): Promise<void> {
  if (notices.length === 0) return;
  await sql`
    insert into keysweep.review_notice (review_id, notice)
    select ${row}, unnest(${[...notices]}::text[]) on conflict do nothing
  `.execute(tx);
}
