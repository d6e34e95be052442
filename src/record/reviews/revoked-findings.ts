import { sql } from 'kysely';
import { advance } from '../../evaluate/history/advance.ts';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import { newKey } from '../../evaluate/history/key-state.ts';
import type { ReviewPerson } from '../../report/review/review-model.ts';
import { factsOfRevoke, noteOfKeeping } from '../../report/review/revoked-words.ts';
import { advanceFindings } from '../findings/advance-findings.ts';
import { alertFindings, readLatestSweep } from '../findings/alert-findings.ts';
import { movesOf } from '../findings/moves.ts';
import { readFindingStates } from '../findings/read-states.ts';
import { type NamedMove, writeReviewed } from '../findings/write-moves.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import type { DecidedRow } from './decided-row.ts';
import type { LockedReview } from './lock-review.ts';

interface Terms {
  readonly person: ReviewPerson;
  readonly alerting: Alerting;
}

/** Opens the findings of keys that are to be revoked, and plans the alerts about that. */
export async function openRevoked(
  tx: RecordsTransaction,
  review: LockedReview,
  keys: readonly DecidedRow[],
  { person, alerting }: Terms,
): Promise<readonly WrittenAlert[]> {
  if (keys.length === 0) return [];
  const sweep = await readSweep(tx);
  const known = await lockRevoked(tx, keys);
  const states = await readFindingStates(tx, [...known.values()]);
  const at = review.now;
  const moves = keys.flatMap((key): NamedMove[] => {
    const state = states.get(key.key) ?? newKey();
    const facts = factsOfRevoke({ ...review, ...key, person });
    const outcome = { kind: 'revoke-decided', facts, at, policy: sweep.policy } as const;
    const advanced = { row: key.key, state, ...advance(state, outcome) };
    return movesOf(advanced).map((move) => ({ ...move, key }));
  });
  await writeReviewed(tx, { sweepRow: sweep.row, at }, moves);
  const written = await lockRevoked(tx, keys);
  return alertFindings(tx, [...written.values()], sweep.row, alerting);
}

/** Ends such findings of keys that are to stay after all, and plans the alerts about that. */
export async function resolveRevoked(
  tx: RecordsTransaction,
  review: LockedReview,
  keys: readonly DecidedRow[],
  { person, alerting }: Terms,
): Promise<readonly WrittenAlert[]> {
  if (keys.length === 0) return [];
  const known = await lockRevoked(tx, keys, sql`and state <> 'resolved'`);
  if (known.size === 0) return [];
  const sweep = await readSweep(tx);
  const alerts: WrittenAlert[] = [];
  for (const key of keys) {
    const finding = known.get(key.key);
    if (finding === undefined) continue;
    const note = noteOfKeeping({ ...review, ...key, person });
    const terms = { sweepRow: sweep.row, at: review.now, note };
    await advanceFindings(tx, [finding], { kind: 'acknowledged', rule: reviewRevoke }, terms);
    alerts.push(...(await alertFindings(tx, [finding], sweep.row, alerting)));
  }
  return alerts;
}

/** Locks the keys, then their findings: in the order in which a sweep does. Returns the findings. */
async function lockRevoked(
  tx: RecordsTransaction,
  keys: readonly DecidedRow[],
  which = sql``,
): Promise<ReadonlyMap<number, number>> {
  const rows = keys.map(({ key }) => key);
  await sql`
    select count(*) from (
      select from keysweep.tracked_key where id = any (${rows}::integer[])
      order by id for no key update
    ) locked
  `.execute(tx);
  const found = await sql<{ id: number; key: number }>`
    select id, key_id as key from keysweep.finding
    where key_id = any (${rows}::integer[]) and rule = ${reviewRevoke} ${which}
    order by id for no key update
  `.execute(tx);
  return new Map(found.rows.map(({ id, key }) => [key, id]));
}

/** The sweep in whose name the change is alerted, and its policy. */
async function readSweep(tx: RecordsTransaction) {
  const row = await readLatestSweep(tx);
  if (row === undefined) throw new RequestRefused('all sweeps are pruned; run one first');
  const found = await sql<{ policy: number }>`
    select policy_id as policy from keysweep.sweep where id = ${row}
  `.execute(tx);
  return { row, policy: found.rows[0]?.policy ?? 0 };
}
