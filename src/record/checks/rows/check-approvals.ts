import { sql } from 'kysely';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { LogEvent } from '../../../evidence/leaves/events.ts';
import type { Records } from '../../store/database.ts';
import type { LogStory } from '../log-story.ts';
import { isWrittenWith } from '../written-with.ts';

type Approved = Extract<LogEvent, { event: 'waiver-approved' }>;

interface ApprovalRow extends Pick<Approved, 'hash' | 'approver' | 'waiver' | 'by' | 'known'> {
  readonly subject: string | null;
  readonly mail: string | null;
  readonly at: Date;
}

/** Compares who approved which waiver with the leaves. The log told of every approval there ever was. */
export async function checkApprovals(
  db: Records,
  story: LogStory,
  note: NoteDifference,
): Promise<void> {
  const { rows } = await sql<ApprovalRow>`
    select hash, approver, waiver, by_name as by, known, subject, mail, at
    from keysweep.waiver_approval order by hash, approver
  `.execute(db);
  const left = new Map(story.approvals.map((leaf) => [nameOf(leaf.event), leaf]));
  for (const row of rows) {
    const told = left.get(nameOf(row));
    left.delete(nameOf(row));
    const place = `waiver ${row.waiver}`;
    if (told === undefined) {
      note({ code: 'approval', place, is: describe(row) });
      continue;
    }
    const { n, event } = told;
    const [was, is] = [describe(event), describe(row)];
    if (was !== is) note({ code: 'approval', leaf: n, place, was, is });
    if (isWrittenWith(told, row.at, story)) continue;
    note({
      code: 'approval',
      leaf: n,
      place,
      field: 'at',
      was: event.at,
      is: row.at.toISOString(),
    });
  }
  for (const { n, event } of left.values()) {
    const place = `waiver ${event.waiver}`;
    note({ code: 'approval', leaf: n, place, was: describe(event), is: 'gone' });
  }
}

function nameOf({ hash, approver }: Pick<Approved, 'hash' | 'approver'>): string {
  return `${hash} ${approver}`;
}

function describe({ waiver, by, known, subject, mail }: Omit<ApprovalRow, 'at'>): string {
  return JSON.stringify({ waiver, by, known, subject, mail });
}
