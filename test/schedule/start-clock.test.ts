import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { QueueUnavailable } from '../../src/queue/errors.ts';
import { startClock } from '../../src/schedule/start-clock.ts';

const at = (time: string) => new Date(`2026-11-23T${time}Z`);
const minute = 60_000;
const warnings: object[] = [];
const log = { warn: (fields: object) => void warnings.push(fields) };

beforeEach(() => {
  warnings.length = 0;
  vi.useFakeTimers({ now: at('12:00:10') });
});
afterEach(() => void vi.useRealTimers());

/** A clock whose looks are listed, by the database's time, which is as far ahead as given. */
function start(aheadMs = 0) {
  const looks: Date[] = [];
  const clock = startClock(async () => {
    const now = new Date(Date.now() + aheadMs);
    looks.push(now);
    return now;
  }, log);
  return { looks, clock };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('the clock looks at once, and then as each minute begins', async () => {
  const { looks, clock } = start();
  await pass(2 * minute + 49_000);
  expect(looks).toEqual([at('12:00:10'), at('12:01:00.020'), at('12:02:00.020')]);
  await pass(1_500);
  expect(looks).toHaveLength(4);
  clock.stop();
  await pass(10 * minute);
  expect(looks).toHaveLength(4);
});

test.each([-1_800, 1_800, 3_600_000])(
  'the minutes are those of the database, whose clock is %i ms ahead',
  async (aheadMs) => {
    const { looks, clock } = start(aheadMs);
    await pass(3 * minute);
    for (const look of looks.slice(1)) expect(look.getTime() % minute).toBe(20);
    expect(looks).toHaveLength(4);
    clock.stop();
  },
);

test('after seven days of sleep there is one look, and then one a minute', async () => {
  const { looks, clock } = start();
  await pass(minute);
  vi.setSystemTime(at('12:01:20').getTime() + 7 * 86_400_000);
  await pass(minute);
  expect(looks).toHaveLength(3);
  await pass(minute);
  expect(looks).toHaveLength(4);
  clock.stop();
});

test('after a step back of two hours the clock looks within a minute, and every minute', async () => {
  const { looks, clock } = start();
  await pass(minute);
  vi.setSystemTime(at('10:01:30'));
  await pass(minute);
  expect(looks.at(-1)?.getTime()).toBeLessThan(at('10:02:31').getTime());
  const before = looks.length;
  await pass(5 * minute);
  expect(looks.length - before).toBe(5);
  clock.stop();
});

test('a look that fails or hangs is reported, and the next minute has a look again', async () => {
  let looks = 0;
  const clock = startClock(async () => {
    looks += 1;
    if (looks === 1) throw Object.assign(new Error('no'), { code: '57P03' });
    if (looks === 2) return new Promise<Date>(() => undefined);
    if (looks === 3) throw new QueueUnavailable('Redis at r:6379 takes no jobs (OOM)', 'OOM');
    return new Date();
  }, log);
  await pass(minute);
  expect({ looks, warnings }).toEqual({ looks: 2, warnings: [{ code: '57P03' }] });
  await pass(2 * minute);
  expect(warnings.at(-1)).toEqual({ code: 'TimedOut' });
  await pass(minute);
  expect(warnings.at(-1)).toEqual({
    code: 'KEYSWEEP_QUEUE_UNAVAILABLE',
    reason: 'Redis at r:6379 takes no jobs (OOM)',
  });
  await pass(minute);
  expect(looks).toBeGreaterThanOrEqual(4);
  clock.stop();
});
