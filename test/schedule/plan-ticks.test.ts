import { describe, expect, test } from 'vitest';
import { planTicks, type TicksInput } from '../../src/schedule/plan-ticks.ts';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const hour = 3_600_000;
const onTime = 120_000;

type Difference = Partial<Omit<TicksInput, 'due'>> & { readonly due?: readonly Date[] };

/** What is planned, with the missed ticks as their count. */
function planned({ due = [], ...difference }: Difference) {
  const [newest, before] = [due.at(-1), runOf(due.slice(0, -1))];
  const { run, overtaken, missed } = planTicks({
    ...{ waiting: [], now, catchUpMs: hour, overlap: 'skip' },
    ...difference,
    due: newest && { newest, before },
  });
  return { run, overtaken, missed };
}

function runOf(ticks: readonly Date[]) {
  const [first, last] = [ticks[0], ticks.at(-1)];
  return first && last && { count: ticks.length, first, last };
}

describe('planning ticks', () => {
  test('runs nothing and misses nothing when nothing is due', () => {
    expect(planned({})).toEqual({ run: undefined, overtaken: [], missed: undefined });
  });

  test('runs a tick on its last millisecond inside the catch-up window, and misses it after', () => {
    const [inside, outside] = [ago(hour), ago(hour + 1)];
    expect(planned({ due: [inside], now, catchUpMs: hour })).toEqual({
      run: { dueAt: inside, trigger: 'catch-up' },
      overtaken: [],
      missed: undefined,
    });
    expect(planned({ due: [outside], now, catchUpMs: hour })).toEqual({
      run: undefined,
      overtaken: [],
      missed: runOf([outside]),
    });
  });

  test('is on time for two minutes, and catches up from then on', () => {
    const trigger = (late: number) =>
      planned({ due: [ago(late)], now, catchUpMs: hour }).run?.trigger;
    expect(trigger(onTime)).toBe('schedule');
    expect(trigger(onTime + 1)).toBe('catch-up');
  });

  test('runs a tick that is on time where nothing is caught up', () => {
    const run = (late: number) => planned({ due: [ago(late)], now, catchUpMs: 0 }).run;
    expect(run(onTime)).toBeDefined();
    expect(run(onTime + 1)).toBeUndefined();
  });

  test('runs the newest and misses the others', () => {
    const due = [ago(3 * hour), ago(2 * hour), ago(hour)];
    const plan = planned({ due, now, catchUpMs: 12 * hour });
    expect(plan.run?.dueAt).toEqual(due[2]);
    expect(plan.missed).toEqual(runOf(due.slice(0, 2)));
  });

  test('a tick that waits is missed when a newer one runs, unless ticks are queued', () => {
    const due = [ago(0)];
    const waiting = [ago(hour)];
    expect(planned({ due, waiting })).toMatchObject({ overtaken: waiting, missed: undefined });
    expect(planned({ due, waiting, overlap: 'queue' }).overtaken).toEqual([]);
  });

  test('a tick that waits is missed when the window has closed over it', () => {
    const [inside, outside] = [ago(hour), ago(hour + 1)];
    const nothing = { run: undefined, overtaken: [], missed: undefined };
    expect(planned({ waiting: [inside] })).toEqual(nothing);
    expect(planned({ waiting: [outside] })).toEqual({ ...nothing, overtaken: [outside] });
    expect(planned({ waiting: [outside], overlap: 'queue' }).overtaken).toEqual([outside]);
  });

  test('a tick that waits is not missed for one that comes to nothing itself', () => {
    const waiting = [ago(hour)];
    const due = [ago(2 * hour)];
    expect(planned({ due, waiting })).toMatchObject({ overtaken: [], missed: runOf(due) });
  });
});
