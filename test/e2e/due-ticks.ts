import { queryRecords } from './records.ts';
import type { World } from './world.ts';

/**
 * Makes the tick of the current minute due for a schedule of every minute, so that the next look of
 * the clock, such as the first of a process, finds it. A test that has no schedule row gets one.
 */
export async function makeDue(world: World, schedule: string): Promise<void> {
  await queryRecords(
    world,
    `insert into keysweep.schedule as s (id, cron, timezone, decided_until)
     values ($1, '* * * * *', 'UTC', date_trunc('minute', now()) - interval '30 seconds')
     on conflict (id) do update set decided_until = excluded.decided_until`,
    [schedule],
  );
}

/** Has a schedule decided until now, with ticks that wait since these minutes ago. */
export async function makeWaiting(
  world: World,
  schedule: string,
  minutesAgo: readonly number[],
): Promise<void> {
  await queryRecords(
    world,
    `insert into keysweep.schedule (id, cron, timezone, decided_until)
     values ($1, '* * * * *', 'UTC', now())`,
    [schedule],
  );
  await queryRecords(
    world,
    `insert into keysweep.tick (schedule, due_at, outcome, trigger)
     select $1, date_trunc('minute', now()) - ago * interval '1 minute', 'waiting', 'schedule'
     from unnest($2::integer[]) as ago`,
    [schedule, minutesAgo],
  );
}
