import { expect, test } from 'vitest';
import { nextInstants } from '../../../src/schedule/next-instants.ts';
import { day, Installation } from './installation.ts';
import { makePack } from './make-pack.ts';
import type { Verify } from './scenes.ts';

/** Cron lines of every form that node-cron knows, in zones whose clocks change in these times. */
const lines: readonly (readonly [cron: string, timezone: string])[] = [
  ['0 2 L * *', 'UTC'],
  ['0 2 15W * *', 'UTC'],
  ['30 1 LW * *', 'Europe/London'],
  ['0 2 * * 5#2', 'America/New_York'],
  ['0 2 * * 5L', 'UTC'],
  ['0 2 * mar,OCT SUN', 'Europe/Berlin'],
  ['15,45 1-3 * * 0', 'Europe/Berlin'],
  ['*/20 2 8 3 *', 'America/New_York'],
  ['0 0 1-15/3 * MON-FRI', 'Asia/Kolkata'],
  ['0 2 5 4 *', 'Australia/Lord_Howe'],
  ['30 1 5 4 *', 'Australia/Lord_Howe'],
  ['5 0 * * 7', 'America/Santiago'],
  ['0 0 * * 6', 'Africa/Cairo'],
  ['59 23 28-31 3 *', 'Pacific/Chatham'],
  ['@monthly', 'America/St_Johns'],
  ['@weekly', 'Asia/Kathmandu'],
];

const spans = [
  ['2026-03-01T00:00:00Z', '2026-05-01T00:00:00Z'],
  ['2026-10-01T00:00:00Z', '2026-12-01T00:00:00Z'],
] as const;

function ticksOf(cron: string, timezone: string, from: Date, to: Date): number[] {
  // Some are due once a month, and others every hour.
  for (let count = 4; ; count *= 3) {
    const next = nextInstants({ cron, timezone }, from, count).map(({ at }) => at.getTime());
    if (next.some((at) => at >= to.getTime())) return next.filter((at) => at < to.getTime());
  }
}

/** What the program's own clock makes due is due for whatever verifies, and nothing else. */
export function knowsEverySchedule(verify: Verify): void {
  test.each(spans)('makes the same ticks due from %s to %s', async (start, end) => {
    const [from, to] = [new Date(start), new Date(end)];
    const home = new Installation();
    const keys = [{ keyId: 'k1', verdict: 1 }] as const;
    home.begin(from, ...lines[0]!);
    for (const [index, [cron, timezone]] of lines.entries()) {
      home.schedule(from, { schedule: `s${index}`, cron, timezone });
    }
    home.tell({ event: 'schedule-removed', schedule: 'nightly' }, from);
    const due = lines.flatMap(([cron, timezone], index) =>
      ticksOf(cron, timezone, from, to).map((at) => ({ at, schedule: `s${index}` })),
    );
    for (const { at, schedule } of due.sort((one, other) => one.at - other.at)) {
      home.sweep({ dueAt: new Date(at), closedAt: new Date(at), schedule, keys });
    }
    home.tell({ event: 'policy-set', version: '2' }, new Date(to.getTime() + day));
    home.sign(new Date(to.getTime() + day));
    const { problems, ticks } = await verify(makePack(home, { from, to }));
    expect(problems).toEqual([]);
    expect(due.length).toBeGreaterThan(100);
    expect(ticks).toMatchObject({ due: due.length, held: due.length });
  });

  test.each(['30 0 2 * * *', '*/5 * * * * *', '@every 5m', '0 2 * *', ''])(
    'knows no ticks of a line that no schedule may have: %j',
    async (cron) => {
      const at = new Date('2026-03-01T00:00:00Z');
      const home = new Installation().begin(at, cron);
      home.sweep({ dueAt: new Date(at.getTime() + 7_200_000) });
      home.sign(new Date(at.getTime() + day));
      const { problems } = await verify(
        makePack(home, { from: at, to: new Date(at.getTime() + 7_800_000) }),
      );
      expect(problems.map(({ exit, code, place }) => [exit, code, place])).toEqual([
        [3, 'unreadable-schedule', 'leaf 2'],
      ]);
    },
  );
}
