import { beforeAll, expect, test } from 'vitest';
import type { ScheduleConfig } from '../../../src/config/config.ts';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { noteConfiguration } from '../../../src/record/sweeps/note-configuration.ts';
import { openTickSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { decideTicks } from '../../../src/record/sweeps/ticks.ts';
import type { ReviewDecisionWord } from '../../../src/report/review/review-model.ts';
import { leafOf, readLeaves } from '../log/leaves.ts';
import { aPerson, aReview, readOne, start } from '../reviews/a-review.ts';
import { describeOwnStores } from '../stores.ts';
import { alerting, claim, close, inputs, record, someKeys, sweep } from '../world.ts';
import { check } from './check.ts';
import { linesAfter } from './lines-after.ts';

const day = 86_400_000;
const now = Date.now();
const ago = (days: number) => new Date(now - days * day);
const nightly: ScheduleConfig = {
  ...{ id: 'nightly', cron: '30 2 * * *', timezone: 'UTC', catchUpMs: day / 2 },
  ...{ overlap: 'skip', deadlineMs: day / 3 },
};
const using = inputs(someKeys(5));
const rule = 'review-revoke';

describeOwnStores('comparing schedules and reviews with the log', (get) => {
  let [first, second, third] = ['', '', ''];
  let leaves: Readonly<Record<'first' | 'second' | 'schedule' | 'retention', number>>;
  let decided: readonly number[];
  let campaign = '';

  const openTick = (days: number) => {
    const order = { schedule: 'nightly', dueAt: ago(days), trigger: 'schedule' } as const;
    return openTickSweep(get(), { ...order, overlap: 'skip', deadlineMs: 3_600_000 }, using);
  };
  const end = async (opened: Awaited<ReturnType<typeof openTick>>) => {
    if (typeof opened !== 'object') throw new Error(`the tick was not opened: ${opened}`);
    await record(get(), await claim(get(), opened));
    await close(get(), opened.sweepId);
    return opened.sweepId;
  };

  beforeAll(async () => {
    const weekly = { ...nightly, id: 'weekly', cron: '0 3 * * 0' };
    await noteConfiguration(get(), { schedules: [nightly, weekly], retentionMs: 100 * day });
    await noteConfiguration(get(), { schedules: [nightly], retentionMs: 400 * day });
    first = await end(await openTick(5));
    const opened = await openTick(4);
    expect(await openTick(3)).toBe('skipped');
    second = await end(opened);
    const missed = { count: 2, first: ago(2), last: ago(1) };
    await decideTicks(get(), 'nightly', alerting, () => ({
      ...{ run: undefined, overtaken: [], missed },
    }));
    await review();
    third = (await sweep(get(), using, { key_1: { missing: true } })).sweepId;
    await sweep(get(), using);

    const all = await readLeaves(get());
    const newest = (name: string) => all.findLast(({ event }) => event.event === name)?.n ?? -1;
    leaves = {
      first: (await leafOf(get(), 'sweep-closed', first)).n,
      second: (await leafOf(get(), 'sweep-closed', second)).n,
      schedule: all.find(({ event }) => event.event === 'schedule-set')?.n ?? -1,
      retention: newest('retention-set'),
    };
    decided = all
      .filter(({ event }) => event.event === 'reviewed' && event.what === 'decided')
      .map(({ n }) => n);
  });

  async function review() {
    const row = await start(get(), aReview());
    campaign = (await readOne(get(), row)).id;
    const decide = (keyId: string, decision: ReviewDecisionWord, reason = 'because') => {
      const decider = { person: aPerson('ann'), assertMay: () => undefined };
      const asked = [{ source: 'prod', keyId, decision, reason }];
      return decideReview(get(), row, asked, decider, alerting);
    };
    await decide('key_0', 'keep');
    await decide('key_1', 'revoke', 'nobody needs it');
    await decide('key_1', 'revoke', 'nobody at all');
    await decide('key_2', 'revoke');
    await decide('key_2', 'not-mine');
    await decide('key_2', 'keep', 'it is in use');
    await decide('key_3', 'revoke');
    const request = { by: 'bob', known: 'token', reason: 'done by hand' } as const;
    const event = { fingerprint: fingerprint('prod', 'key_3', rule), ...request };
    await acknowledgeFinding(get(), event, alerting);
  }

  test('finds nothing where nothing was edited', async () => {
    expect((await check(get())).differences.map(renderDifference)).toEqual([]);
  });

  const eventOf = (key: string, kind: string) => `finding_event v where v.kind = '${kind}'
    and v.finding_id = (select id from keysweep.finding where key_text = '${key}' and rule = '${rule}')`;
  const due = (days: number) => ago(days).toISOString();

  /** Each edit of a row, and a part of the lines that must come of it. */
  const edits: Record<string, [edit: () => string, ...lines: (() => string)[]]> = {
    'the tick of a sweep': [
      () =>
        `update keysweep.tick set due_at = due_at + interval '1 hour' where due_at = '${due(5)}'`,
      () =>
        `leaf ${leaves.first}, sweep ${first}: what became of a time at which the schedule was due is not what the log says: was schedule nightly, due ${due(5)}, is now schedule nightly, due `,
    ],
    'the tick of a sweep, removed': [
      () => `delete from keysweep.tick where due_at = '${due(5)}'`,
      () =>
        `leaf ${leaves.first}, sweep ${first}, schedule nightly, due ${due(5)}: what became of a time at which the schedule was due is not what the log says: was opened, is now gone`,
    ],
    'the tick of a sweep, without it': [
      () => `update keysweep.tick set sweep_id = null where due_at = '${due(4)}'`,
      () =>
        `leaf ${leaves.second}, sweep ${second}, schedule nightly, due ${due(4)}: what became of`,
    ],
    'the ticks of two sweeps, swapped': [
      () => `update keysweep.tick t set sweep_id = o.sweep_id from keysweep.tick o
        where t.outcome = 'opened' and o.outcome = 'opened' and o.due_at <> t.due_at`,
      () => `leaf ${leaves.first}, sweep ${first}: what became of`,
      () => `leaf ${leaves.second}, sweep ${second}: what became of`,
    ],
    'a sweep that is said to have been missed': [
      () =>
        `update keysweep.tick set outcome = 'missed', sweep_id = null where due_at = '${due(5)}'`,
      () => `leaf ${leaves.first}, sweep ${first}, schedule nightly, due ${due(5)}: what became of`,
      () => `is now missed, which no leaf says`,
    ],
    'a missed tick that is said to have been opened': [
      () => `update keysweep.tick set outcome = 'opened' where outcome = 'missed'`,
      () => `schedule nightly, due ${due(1)}: what became of`,
      () => 'is now opened, which no leaf says',
    ],
    'missed ticks, removed': [
      () => `delete from keysweep.tick where outcome = 'missed'`,
      () =>
        `schedule nightly, ${due(2)} to ${due(1)}: what became of a time at which the schedule was due is not what the log says: was 2 ticks, is now 0`,
    ],
    'a skipped tick, removed': [
      () => `delete from keysweep.tick where outcome = 'skipped'`,
      () => `schedule nightly, due ${due(3)}: what became of`,
    ],
    'a skipped tick that nobody skipped': [
      () =>
        `update keysweep.tick set due_at = due_at + interval '1 hour' where outcome = 'skipped'`,
      () => 'is now skipped, which no leaf says',
    ],
    'the cron line of a schedule': [
      () => `update keysweep.schedule set cron = '30 2 1 * *' where id = 'nightly'`,
      () =>
        `leaf ${leaves.schedule}, schedule nightly: the schedule is not the one that the log says: cron, was 30 2 * * *, is now 30 2 1 * *`,
    ],
    'the zone of a schedule': [
      () => `update keysweep.schedule set timezone = 'Asia/Tokyo' where id = 'nightly'`,
      () => 'the schedule is not the one that the log says: timezone, was UTC, is now Asia/Tokyo',
    ],
    'a schedule, removed': [
      () => `delete from keysweep.schedule where id = 'nightly'`,
      () =>
        `leaf ${leaves.schedule}, schedule nightly: the schedule is not the one that the log says: is now gone`,
    ],
    'a schedule, invented': [
      () => `insert into keysweep.schedule (id, cron, timezone, decided_until)
        values ('hourly', '@hourly', 'UTC', now())`,
      () =>
        'schedule hourly: the schedule is not the one that the log says: is now one that no leaf names',
    ],
    'what is remembered of a schedule': [
      () =>
        `update keysweep.log_fact set value = replace(value, 'skip', 'queue') where kind = 'schedule'`,
      () => `leaf ${leaves.schedule}, schedule nightly: the note of what the log said last`,
    ],
    'the retention that is remembered': [
      () => `update keysweep.log_fact set value = '1' where kind = 'retention'`,
      () =>
        `leaf ${leaves.retention}, retention: the note of what the log said last is not what it said: was ${400 * day}, is now 1`,
    ],
    'the retention, forgotten': [
      () => `delete from keysweep.log_fact where kind = 'retention'`,
      () =>
        `leaf ${leaves.retention}, retention: the note of what the log said last is not what it said: was ${400 * day}, is now gone`,
    ],
    'a finding to revoke a key, removed': [
      () => `delete from keysweep.finding_event v using keysweep.finding f
          where f.id = v.finding_id and f.key_text = 'key_2' and f.rule = '${rule}';
        delete from keysweep.finding where key_text = 'key_2' and rule = '${rule}'`,
      () =>
        `leaf ${decided[3]}, key prod/key_2, rule ${rule}: an event of the finding is gone: was opened at 20`,
      () =>
        `leaf ${decided[5]}, key prod/key_2, rule ${rule}: an event of the finding is gone: was resolved (acknowledged)`,
    ],
    'who decided to revoke': [
      () =>
        `update keysweep.${eventOf('key_1', 'opened').replace(' where', ` set facts = facts || '{"by":"eve"}' where`)}`,
      () =>
        `leaf ${decided[1]}, key prod/key_1, rule ${rule}: an event of the finding was changed: was {"by":"ann`,
    ],
    'who decided to keep': [
      () =>
        `update keysweep.${eventOf('key_2', 'resolved').replace(' where', ` set note = note || '{"by":"eve"}' where`)}`,
      () =>
        `leaf ${decided[5]}, key prod/key_2, rule ${rule}: an event of the finding was changed: was {"by":"ann"`,
    ],
    'a decision to keep that nobody made': [
      () => `insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, facts, note)
        select id, 1, 'resolved', 'open', 'acknowledged', '{}', '{"by":"ann","reason":"x"}'
        from keysweep.finding where key_text = 'key_1' and rule = '${rule}'`,
      () =>
        `key prod/key_1, rule ${rule}: an event of the finding is one that the log does not know: is now resolved (acknowledged)`,
    ],
    'a decision to revoke that nobody made': [
      () => `update keysweep.finding set key_text = 'key_4',
          fingerprint = '${fingerprint('prod', 'key_4', rule)}'
        where key_text = 'key_1' and rule = '${rule}'`,
      () =>
        `key prod/key_4, rule ${rule}: an event of the finding is one that the log does not know: is now opened`,
      () => `leaf ${decided[1]}, key prod/key_1, rule ${rule}: an event of the finding is gone`,
    ],
    'a key that is said to be gone': [
      () => `insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, facts)
        select f.id, s.id, 'resolved', 'open', 'missing', '{}' from keysweep.finding f, keysweep.sweep s
        where f.key_text = 'key_1' and f.rule = '${rule}' and s.uuid = '${third}'`,
      () =>
        `sweep ${third}, key prod/key_1, rule ${rule}: an event of the finding is one that the log does not know`,
    ],
    'who acknowledged a finding of a review': [
      () =>
        `update keysweep.${eventOf('key_3', 'resolved').replace(' where', ` set note = note || '{"by":"eve"}' where`)}`,
      () =>
        `key prod/key_3, rule ${rule}: the acknowledgement is gone, or says something else: was by bob: done by hand`,
    ],
    'what was decided': [
      () => `update keysweep.log_object set body = convert_to(replace(
          convert_from(body, 'UTF8'), 'nobody needs it', 'everybody does'), 'UTF8')
        where convert_from(body, 'UTF8') like '%nobody needs it%'`,
      () =>
        `leaf ${decided[1]}, what was decided in review quarterly ${campaign}: an object that the leaf refers to is gone or was changed`,
    ],
  };

  for (const [edited, [edit, ...lines]] of Object.entries(edits)) {
    test(`finds an edit of ${edited}`, async () => {
      const found = (await linesAfter(get(), edit())).join('\n');
      for (const line of lines) expect(found).toContain(line());
    });
  }
});
