import { expect, test } from 'vitest';
import {
  type CallOutcome,
  flowing,
  type PauseState,
  planAdmission,
  planPause,
} from '../../../src/sources/http/plan-pause.ts';

const cause = { reason: 'unreachable', detail: 'ECONNREFUSED', away: false } as const;
const silent: CallOutcome = { kind: 'silent', cause };
const answered: CallOutcome = { kind: 'answered' };

const after = (outcomes: readonly CallOutcome[], limit = 10) =>
  outcomes.reduce<PauseState>(
    (state, outcome) => planPause(state, outcome, { probe: false, now: 0, limit }),
    flowing,
  );

const paused = after(Array.from({ length: 10 }, () => silent));

test('asks as long as silent calls stay below the limit', () => {
  const state = after(Array.from({ length: 9 }, () => silent));
  expect(planAdmission(state, 0).admission).toEqual({ kind: 'ask', probe: false });
});

test('pauses for a second at the limit, and says why', () => {
  expect(paused).toEqual({ kind: 'paused', until: 1_000, lengthMs: 1_000, cause });
  expect(planAdmission(paused, 0).admission).toEqual({ kind: 'refused', cause, waitMs: 1_000 });
});

test('an answer in between starts the count anew', () => {
  const nine = Array.from({ length: 9 }, () => silent);
  expect(after([...nine, answered, ...nine]).kind).toBe('flowing');
});

test('pauses at once when it is certain that nobody is answered', () => {
  const state = after([{ kind: 'nobody', cause, waitMs: undefined }]);
  expect(state).toEqual({ kind: 'paused', until: 1_000, lengthMs: 1_000, cause });
});

test('pauses for as long as the vendor asks, where that is longer', () => {
  expect(after([{ kind: 'nobody', cause, waitMs: 7_000 }])).toMatchObject({ until: 7_000 });
  expect(after([{ kind: 'nobody', cause, waitMs: 10 }])).toMatchObject({ until: 1_000 });
});

test('refuses until the last millisecond of the pause, then lets one call probe', () => {
  expect(planAdmission(paused, 999).admission).toMatchObject({ kind: 'refused', waitMs: 1 });
  const { state, admission } = planAdmission(paused, 1_000);
  expect(admission).toEqual({ kind: 'ask', probe: true });
  expect(planAdmission(state, 5_000).admission).toMatchObject({ kind: 'refused', cause });
});

test('a probe that is answered opens the source', () => {
  const { state } = planAdmission(paused, 1_000);
  expect(planPause(state, answered, { probe: true, now: 1_000, limit: 10 })).toBe(flowing);
});

test('a probe that fails doubles the pause, up to 30 seconds', () => {
  const lengths: number[] = [];
  let state = paused;
  let now = 0;
  for (let round = 0; round < 7 && state.kind === 'paused'; round += 1) {
    lengths.push(state.until - now);
    now = state.until;
    state = planPause(planAdmission(state, now).state, silent, { probe: true, now, limit: 10 });
  }
  expect(lengths).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('a late failure of a call from before the pause changes nothing', () => {
  expect(planPause(paused, silent, { probe: false, now: 900, limit: 10 })).toBe(paused);
  const { state } = planAdmission(paused, 1_000);
  expect(planPause(state, silent, { probe: false, now: 1_100, limit: 10 })).toBe(state);
});

test('a late answer of a call from before the pause opens the source', () => {
  expect(planPause(paused, answered, { probe: false, now: 900, limit: 10 })).toBe(flowing);
});

test('a probe that was given up lets the next call probe at once', () => {
  const { state } = planAdmission(paused, 1_000);
  const next = planPause(state, { kind: 'abandoned' }, { probe: true, now: 1_200, limit: 10 });
  expect(planAdmission(next, 1_200).admission).toEqual({ kind: 'ask', probe: true });
  expect(next).toMatchObject({ lengthMs: 1_000 });
});

test('a call that was given up does not count', () => {
  const state = after(Array.from({ length: 9 }, () => silent));
  const next = planPause(state, { kind: 'abandoned' }, { probe: false, now: 0, limit: 10 });
  expect(next).toBe(state);
});
