import type { PendingKeys } from '../../record/reads/read-pending.ts';
import type { RequestProgress } from '../../record/sweeps/requests.ts';
import { renderInstant } from '../../report/render-instant.ts';

/** A line that says why a sweep waits: the pending keys, their reasons and the deadline. */
export function renderStall(
  { sweepId, tracked, judged }: RequestProgress,
  pending: PendingKeys | undefined,
): string {
  if (sweepId === null) return 'the sweep is not open yet: no worker has taken the request';
  if (judged === tracked)
    return 'every key has its verdict; the sweep is not closed yet: no worker has done so';
  const counts = pending?.reasons.map(
    ({ reason, keys }) => `${keys} ${reason ?? 'without an answer yet'}`,
  );
  const why = counts === undefined || counts.length === 0 ? '' : ` (${counts.join(', ')})`;
  const until = pending === undefined ? '' : `; deadline ${renderInstant(pending.deadlineAt)}`;
  return `keys still pending: ${tracked - judged}${why}${until}`;
}
