import { sql } from 'kysely';
import type { Destinations } from '../../alert/destinations.ts';
import { incidentKey } from '../../alert/incident-key.ts';
import type { PlannedAlert } from '../../alert/message.ts';
import { formatOf, formats } from '../../alert/render/index.ts';
import { tellCheckpoint } from '../../evidence/log/told-checkpoint.ts';
import { readNewestCheckpoint } from '../log/checkpoints.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { aboutSameFindings } from './about-same-findings.ts';

/** Together, the messages of a chunk may be about thousands of findings. */
const chunk = 50;

/** A row of the outbox, and its channel. */
export interface WrittenAlert {
  readonly id: string;
  readonly channel: string;
}

/**
 * The sweep that alerts belong to, if there is one, their formats, and when they were planned.
 */
export interface Writing {
  readonly sweepId: number | null;
  readonly destinations: Pick<Destinations, 'formats' | 'longestCheckpoint'>;
  readonly at: Date;
}

/**
 * Puts alerts into the outbox in the order given, rendered once, so that every attempt sends the
 * same bytes. Receivers see their ids as `webhook-id`. An alert waits for earlier ones to its
 * channel about the same findings. The caller has locked these findings.
 */
export async function writeAlerts(
  tx: RecordsTransaction,
  alerts: Iterable<PlannedAlert> | AsyncIterable<PlannedAlert>,
  { sweepId, destinations, at }: Writing,
): Promise<readonly WrittenAlert[]> {
  const written: WrittenAlert[] = [];
  let checkpoint: string | undefined;
  for await (const some of inChunks(alerts)) {
    if (written.length === 0) checkpoint = await readTold(tx, destinations);
    const rows = some.map((alert) => {
      const format = formatOf(alert.channel, destinations);
      return {
        sweep_id: sweepId,
        channel: alert.channel,
        type: alert.type,
        part: alert.part,
        parts: alert.parts,
        format,
        body: formats[format].render(alert, at, checkpoint).body,
        incident: incidentKey(alert),
        planned_at: sql<Date>`clock_timestamp()`,
      };
    });
    const kept = await tx.insertInto('alert').values(rows).returning(['id', 'channel']).execute();
    await keepEvents(tx, kept, some);
    await keepTurns(tx, kept, some);
    written.push(...kept);
  }
  return written;
}

async function* inChunks(
  alerts: Iterable<PlannedAlert> | AsyncIterable<PlannedAlert>,
): AsyncIterable<readonly PlannedAlert[]> {
  let some: PlannedAlert[] = [];
  for await (const alert of alerts) {
    some.push(alert);
    if (some.length < chunk) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** Each message that tells it is kept by somebody else, who can later show how long the log was. */
async function readTold(
  tx: RecordsTransaction,
  { longestCheckpoint }: Pick<Destinations, 'longestCheckpoint'>,
): Promise<string | undefined> {
  if (longestCheckpoint === undefined) return undefined;
  const newest = await readNewestCheckpoint(tx);
  if (newest === undefined) return undefined;
  const told = tellCheckpoint(newest.note);
  // After the log got a shorter name, its last checkpoint still has the longer one.
  return told.length <= longestCheckpoint.length ? told : undefined;
}

async function keepEvents(
  tx: RecordsTransaction,
  kept: readonly WrittenAlert[],
  alerts: readonly PlannedAlert[],
): Promise<void> {
  const alerted = alerts.flatMap(({ eventIds }, n) =>
    eventIds.map((event) => ({ alert: kept[n]?.id, event })),
  );
  if (alerted.length === 0) return;
  await sql`
    insert into keysweep.alert_event (alert_id, event_id, finding_id)
    select n.alert, n.event, v.finding_id
    from jsonb_to_recordset(${JSON.stringify(alerted)}::jsonb) as n (alert uuid, event bigint)
    join keysweep.finding_event v on v.id = n.event
  `.execute(tx);
  await sql`
    insert into keysweep.alert_after (alert_id, after_id)
    select distinct mine.id, other.id
    from ${aboutSameFindings(kept.map(({ id }) => id))}
    where other.channel = mine.channel and other.place < mine.place and other.state = 'pending'
  `.execute(tx);
}

/** Alerts of a type wait for earlier ones of these types: both may open or end one incident. */
const turns: Readonly<Partial<Record<PlannedAlert['type'], readonly PlannedAlert['type'][]>>> = {
  'sweep.incomplete': ['sweep.incomplete'],
  'sweep.recovered': ['sweep.anomaly'],
};

/** An incident whose end arrives before its start would stay open, so such notices wait. */
async function keepTurns(
  tx: RecordsTransaction,
  kept: readonly WrittenAlert[],
  alerts: readonly PlannedAlert[],
): Promise<void> {
  const waiting = alerts.flatMap(({ type }, n) =>
    (turns[type] ?? []).map((first) => ({ id: kept[n]?.id, first })),
  );
  if (waiting.length === 0) return;
  await sql`
    insert into keysweep.alert_after (alert_id, after_id)
    select later.id, earlier.id
    from jsonb_to_recordset(${JSON.stringify(waiting)}::jsonb) as n (id uuid, first text)
    join keysweep.alert later on later.id = n.id
    join keysweep.alert earlier on earlier.channel = later.channel and earlier.type = n.first
      and earlier.state = 'pending' and earlier.place < later.place
  `.execute(tx);
}
