import { describe, expect, test } from 'vitest';
import { listNights } from '../../src/demo/list-nights.ts';
import { dayMs } from './past.ts';

const nightly = { cron: '30 2 * * *', timezone: 'America/New_York' };
const at = (text: string) => new Date(text);

describe('the nights of the past', () => {
  test('are sixty, one of them missed and one cut short', () => {
    const kinds = listNights(nightly, at('2026-11-29T12:00:00Z')).map(({ kind }) => kind);
    expect(kinds).toHaveLength(60);
    expect(kinds.filter((kind) => kind === 'missed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'cut')).toHaveLength(1);
  });

  test.each([
    ['before the tick of today', '2026-11-29T06:00:00Z'],
    ['at it', '2026-11-29T07:30:00Z'],
    ['after it', '2026-11-29T07:30:01Z'],
    ['late in the evening there', '2026-11-30T04:59:59Z'],
  ])('end yesterday, in the time zone of the schedule: %s', (_, now) => {
    const last = listNights(nightly, at(now)).at(-1);
    expect(last?.dueAt).toEqual(at('2026-11-28T07:30:00Z'));
  });

  test('end a day later once the day there has changed', () => {
    const last = listNights(nightly, at('2026-11-30T05:00:00Z')).at(-1);
    expect(last?.dueAt).toEqual(at('2026-11-29T07:30:00Z'));
  });

  test('follow each other by a day, also where the clock changes', () => {
    const due = listNights(nightly, at('2026-11-29T12:00:00Z')).map(({ dueAt }) => dueAt.getTime());
    const gaps = due.slice(1).map((time, index) => time - (due[index] ?? 0));
    expect(gaps.filter((gap) => gap !== dayMs)).toEqual([dayMs + 3_600_000]);
  });
});
