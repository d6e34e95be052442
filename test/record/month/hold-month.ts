import { pino } from 'pino';
import { decideDueTicks, readableSchedules } from '../../../src/app/decide-due-ticks.ts';
import type { ScheduleConfig } from '../../../src/config/config.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { recordApproval } from '../../../src/record/approvals/record-approval.ts';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { lapseWaivers } from '../../../src/record/findings/lapse-waivers.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { signOffReview } from '../../../src/record/reviews/end-review.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { noteConfiguration } from '../../../src/record/sweeps/note-configuration.ts';
import { openTickSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import type { OpenedSweep } from '../../../src/record/sweeps/write-sweep.ts';
import { dueInstants } from '../../../src/timing/due-instants.ts';
import { readCron } from '../../../src/timing/read-cron.ts';
import { createWallClock } from '../../../src/timing/wall-clock.ts';
import { aPerson, aReview, start } from '../reviews/a-review.ts';
import {
  alerting,
  aTrackedKey,
  claim,
  close,
  judgedSweep,
  open,
  recordJudged,
  run,
} from '../world.ts';
import { type MonthServer, openMonthServer } from './month-server.ts';
import { inputsOf, instant, policyOf, sayingsOf } from './month-world.ts';

const minute = 60_000;
const hour = 60 * minute;
const retentionMs = 60 * 24 * hour;

/** On the last Sunday, the clock jumps over the time that the line names. */
export const nightly: ScheduleConfig = {
  ...{ id: 'nightly', cron: '30 2 * * *', timezone: 'Europe/Berlin', catchUpMs: hour },
  ...{ overlap: 'skip', deadlineMs: 30 * hour },
};

export const period = {
  from: instant('03-01T00:00:00'),
  to: instant('04-01T00:00:00'),
};

/** Nobody was there in this night. */
export const missedNight = 9;
/** The sweep of this night was still open when the next one was due. */
export const longNight = 17;
/** Started half an hour late. */
const lateNight = 4;

export interface Night {
  readonly dueAt: Date;
  /** The note that was signed after it. */
  readonly note: string;
}

/**
 * A month whose nights a schedule opened, from a store that was empty before. The first night after
 * it shows that it is over.
 */
export interface Month extends MonthServer {
  /** From the first one on; see `missedNight` and `longNight`. */
  readonly nights: readonly Night[];
}

/** The instants at which the schedule was due in the month, and once after it. */
const due: readonly Date[] = [
  ...dueInstants(
    readCron(nightly.cron),
    createWallClock(nightly.timezone),
    period.from,
    new Date(period.to.getTime() + 6 * hour),
  ),
].map(({ at }) => new Date(at));

export const dueInMonth: readonly Date[] = due.filter((at) => at < period.to);

export async function holdMonth(): Promise<Month> {
  const server = await openMonthServer();
  try {
    await beginLog(server);
    const nights: Night[] = [];
    const left: OpenedSweep[] = [];
    for (const [n, dueAt] of due.entries()) {
      const note = await holdNight(server, n + 1, dueAt, left);
      nights.push({ dueAt, note });
    }
    return { ...server, nights };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A store of an early build, and a sweep that is pruned in the month. */
async function beginLog({ database, setClock, sign }: MonthServer): Promise<void> {
  await setClock(instant('12-01T12:00:00', -1));
  for (const n of [1, 2]) {
    await run(
      database,
      `insert into keysweep.adopted_seal (sweep_id, sweep, previous, evidence, hash)
       select ${n}, gen_random_uuid(), max(hash), 'e${n}', repeat('${n}', 64)
       from keysweep.adopted_seal`,
    );
  }
  await noteConfiguration(database, { schedules: [], retentionMs });
  await judgedSweep(database, inputsOf(0), sayingsOf(0, instant('12-01T11:00:00', -1)));
  await fillTile(database);
  await setClock(instant('02-28T20:00:00'));
  await noteConfiguration(database, { schedules: [nightly], retentionMs });
  await sign();
}

/** Leaves that say nothing. */
async function fillTile(database: Database): Promise<void> {
  await database.transact(async (tx) => {
    for (let n = 0; n < 256; n += 1) {
      await appendLeaf(tx, { event: 'schedule-removed', schedule: `old-${n}` });
    }
  });
}

/** `left`: the sweeps that are still open. Returns the newest checkpoint. */
async function holdNight(
  { database, setClock, sign }: MonthServer,
  night: number,
  dueAt: Date,
  left: OpenedSweep[],
): Promise<string> {
  if (night !== missedNight) {
    await setClock(new Date(dueAt.getTime() + (night === lateNight ? hour / 2 : minute / 2)));
    await lapseWaivers(database, alerting);
    const opened = await openDue(database, night);
    if (opened !== undefined) left.push(opened);
    if (night !== longNight) await endAll(database, night, dueAt, left);
  }
  await setClock(new Date(dueAt.getTime() + 9 * hour));
  await workDay(database, night);
  return sign();
}

async function openDue(database: Database, night: number): Promise<OpenedSweep | undefined> {
  const log = pino({ level: 'silent' });
  const schedules = readableSchedules([nightly], log);
  const { ticks } = await decideDueTicks(database, schedules, alerting, log);
  let opened: OpenedSweep | undefined;
  for (const tick of ticks) {
    const found = await openTickSweep(database, { ...nightly, ...tick }, inputsOf(night));
    if (typeof found === 'object') opened = found;
  }
  return opened;
}

async function endAll(database: Database, night: number, dueAt: Date, left: OpenedSweep[]) {
  const lastUsed = new Date(dueAt.getTime() - 2 * hour);
  for (const opened of left.splice(0)) {
    for (const { batch } of opened.batches) {
      await recordJudged(
        database,
        await claim(database, opened, batch),
        sayingsOf(night, lastUsed),
      );
    }
    await close(database, opened.sweepId);
  }
}

/** What people do by day. */
async function workDay(database: Database, night: number): Promise<void> {
  if (night === 3) await approve(database);
  if (night === 5) await auditAgain(database);
  if (night === 8) await acknowledge(database);
  if (night === 14) await review(database);
  if (night === 22) await pruneEvidence(database, retentionMs);
}

async function approve(database: Database): Promise<void> {
  const [waiver] = policyOf(1).policy.waivers;
  if (waiver === undefined) throw new Error('the policy has no waiver');
  const names = { names: ['bob'], allNames: ['bob'], person: 'bob@shop.example', by: 'bob' };
  const known = { known: 'oidc', subject: 's-17', mail: 'bob@shop.example' } as const;
  await recordApproval(database, { waiver, ...names, ...known });
}

async function auditAgain(database: Database): Promise<void> {
  const opened = await open(database, inputsOf(5), [aTrackedKey('key_1'), aTrackedKey('key_2')]);
  await endAll(database, 5, instant('03-05T01:30:00'), [opened]);
}

async function acknowledge(database: Database): Promise<void> {
  const event = { fingerprint: fingerprint('prod', 'key_3', 'woke'), by: 'ann' };
  const said = { known: 'asserted', reason: 'it was me' } as const;
  await acknowledgeFinding(database, { ...event, ...said }, alerting);
}

async function review(database: Database): Promise<void> {
  const row = await start(database, aReview());
  const decider = { person: aPerson('ann'), assertMay: () => undefined };
  const asked = [
    { source: 'prod', keyId: 'key_0', decision: 'keep', reason: 'in use' },
    { source: 'prod', keyId: 'key_6', decision: 'revoke', reason: 'nobody needs it' },
  ] as const;
  for (const one of asked) await decideReview(database, row, [one], decider, alerting);
  await signOffReview(database, row, { person: aPerson('boss'), reason: 'all seen' }, null);
}
