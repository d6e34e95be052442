import { sql } from 'kysely';
import { plainName } from '../../evaluate/waivers/plain-name.ts';
import { namesOfPerson } from '../../report/review/names-of-person.ts';
import type { ReviewEnd, ReviewPerson } from '../../report/review/review-model.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { type LockedReview, lockReview } from './lock-review.ts';
import { logEnded } from './log-review.ts';

/**
 * Closes a campaign without a signature: links end, and what is unanswered stays so. Throws
 * `RequestRefused` if it is closed already.
 */
export async function closeReview(database: Database, row: number, end: ReviewEnd): Promise<void> {
  await database.transact(async (tx) => {
    const review = await lockReview(tx, row);
    if (review.closedAt !== null) throw new RequestRefused('this review is closed already');
    await writeClosing(tx, review, end);
    await logEnded(tx, review, 'closed', end);
  });
}

/**
 * Signs a campaign as a whole, and closes it if it is open. `login`: of the signer at the provider.
 * Throws `RequestRefused` if it is signed, or if the signer decided on a key of it at any time.
 */
export async function signOffReview(
  database: Database,
  row: number,
  end: ReviewEnd,
  login: string | null,
): Promise<void> {
  await database.transact(async (tx) => {
    const review = await lockReview(tx, row);
    if (review.signedAt !== null) throw new RequestRefused('this review is signed off already');
    const names = [...namesOfPerson(end.person), ...(login === null ? [] : [login])];
    const own = await readOwnDecision(tx, review, names);
    if (own !== undefined) {
      const who = 'somebody who decided nothing in it has to sign off a review';
      throw new RequestRefused(`${own} decided on keys of this review; ${who}`);
    }
    const wasOpen = review.closedAt === null;
    if (wasOpen) await writeClosing(tx, review, end);
    const { person, reason } = end;
    await sql`
      update keysweep.review set signed_at = ${review.now},
        signed_as = ${JSON.stringify(person)}::jsonb, signed_reason = ${reason}
      where id = ${row}
    `.execute(tx);
    if (wasOpen) await logEnded(tx, review, 'closed', end);
    await logEnded(tx, review, 'signed-off', end);
  });
}

async function writeClosing(
  tx: RecordsTransaction,
  { row, now }: LockedReview,
  { person, reason }: ReviewEnd,
): Promise<void> {
  await sql`
    update keysweep.review set closed_at = ${now}, closed_as = ${JSON.stringify(person)}::jsonb,
      closed_reason = ${reason}
    where id = ${row}
  `.execute(tx);
}

/** The name of a decider that is one of these; earlier decisions count too. */
async function readOwnDecision(
  tx: RecordsTransaction,
  { row }: LockedReview,
  names: readonly string[],
): Promise<string | undefined> {
  const { rows } = await sql<{ person: ReviewPerson }>`
    select distinct decided_as as person from keysweep.review_decision where review_id = ${row}
  `.execute(tx);
  const own = new Set(names.map(plainName));
  return rows.find(({ person }) => namesOfPerson(person).some((name) => own.has(plainName(name))))
    ?.person.by;
}
