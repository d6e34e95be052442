import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/record/store/database.ts';
import type { AlertState } from '../../src/report/alerts-model.ts';

interface AlertDifference {
  readonly channel: string;
  readonly id?: string;
  readonly type?: string;
  readonly part?: number;
  readonly parts?: number;
  readonly format?: string;
  readonly body?: string;
  readonly incident?: string;
  readonly state?: AlertState;
  readonly attempts?: number;
  readonly next_at?: Date;
  readonly leased_until?: Date | null;
  readonly ended_at?: Date;
  readonly detail?: string;
}

/** A row of the outbox, pending and due; a test states the difference, and which findings it tells. */
export async function anAlert(
  { db }: Database,
  difference: AlertDifference,
  findings: readonly number[] = [],
): Promise<string> {
  const id = difference.id ?? randomUUID();
  const ordinary = { type: 'findings.changed', part: 1, parts: 1, format: 'json', body: '{}' };
  await db
    .insertInto('alert')
    .values({ ...ordinary, ...difference, id })
    .execute();
  const told = findings.map((finding_id, n) => ({ alert_id: id, event_id: String(n), finding_id }));
  if (told.length > 0) await db.insertInto('alert_event').values(told).execute();
  return id;
}
