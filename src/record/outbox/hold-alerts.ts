import { sql } from 'kysely';
import type { Logger } from 'pino';
import { inTime } from '../../timing/in-time.ts';
import { throttleByCode } from '../../timing/throttle-by-code.ts';
import type { Database } from '../store/database.ts';
import { beatMs, noteContact } from './note-contact.ts';
import type { ClaimedAlert } from './outbox.ts';

type Held = Pick<ClaimedAlert, 'id' | 'fence'>;

/**
 * The alerts that this process is sending or recording. Their leases are renewed until they are
 * released, whatever becomes of the job that took them: the queue may lose it meanwhile.
 */
export interface AlertHolds {
  readonly leaseMs: number;
  ids(): readonly string[];
  hold(alerts: readonly Held[]): void;
  release(alert: Held): void;
  /** Renews no more. */
  stop(): void;
}

/** `lockMs`: as long as a job's lock. */
export function startAlertHolds(
  database: Database,
  lockMs: number,
  log: Pick<Logger, 'warn'>,
): AlertHolds {
  // A worker that is cut off from the database alone gets twice a lock's time to come back. The
  // embedded store cannot be cut off.
  const leaseMs = database.kind === 'embedded' ? lockMs : 2 * lockMs;
  const held = new Map<string, Held>();
  const warn = throttleByCode((code) => log.warn({ code }, 'leases of alerts were not renewed'));
  const beat = async () => {
    await renewAlerts(database, [...held.values()], leaseMs);
    await noteContact(database, leaseMs);
  };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = () => {
    timer = setTimeout(async () => {
      // A connection that has fallen silent must not keep the others from being used.
      await inTime(beat(), leaseMs / 6).catch((error: Error & { code?: string }) => {
        if (!stopped) warn(error.code ?? error.name);
      });
      if (!stopped) next();
    }, beatMs(leaseMs));
  };
  next();
  return {
    leaseMs,
    ids: () => [...held.keys()],
    hold: (alerts) => {
      for (const { id, fence } of alerts) held.set(id, { id, fence });
    },
    release: ({ id }) => void held.delete(id),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Renews the leases of alerts that are still on their way. */
export async function renewAlerts(
  database: Database,
  alerts: readonly Held[],
  leaseMs: number,
): Promise<void> {
  if (alerts.length === 0) return;
  const rows = alerts.map(({ id, fence }) => ({ id, fence }));
  await sql`
    update keysweep.alert a
    set leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id uuid, fence integer)
    where a.id = n.id and a.fence = n.fence and a.state = 'pending' and a.leased_until is not null
  `.execute(database.db);
}
