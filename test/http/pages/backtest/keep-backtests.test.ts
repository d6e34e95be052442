import { isDeepStrictEqual } from 'node:util';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { BacktestEnded, UnreadablePolicy } from '../../../../src/backtest/errors.ts';
import {
  createKeptBacktests,
  type KeptBacktests,
} from '../../../../src/http/pages/backtest/keep-backtests.ts';
import type { AskedBacktest } from '../../../../src/http/pages/backtest/kept-backtest.ts';
import type { Operations } from '../../../../src/operations/index.ts';
import type {
  BacktestCounts,
  BacktestSource,
} from '../../../../src/report/backtest/backtest-model.ts';
import { eventually } from '../../../support/eventually.ts';

type Backtest = Operations['backtest'];

function keep(keptMs?: number) {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const times = keptMs === undefined ? {} : { keptMs };
  const kept = createKeptBacktests({ log, now: () => new Date('2026-11-29T09:00:00Z'), ...times });
  onTestFinished(() => kept.close());
  return { kept, lines };
}

const asked = (difference: Partial<AskedBacktest> = {}): AskedBacktest => ({
  ...{ policy: 'version: "1"', sweeps: { kind: 'last' }, by: 'olga', once: undefined },
  ...difference,
});

const counts: BacktestCounts = {
  sweeps: [],
  rules: [],
  changes: { opens: 150, resolves: 0, waived: 0, unknown: 0 },
  opens: { info: 0, low: 0, medium: 0, high: 150, critical: 0 },
};

/** Judges ten keys, and then as `end` says. */
function aSource(end: () => Promise<void> = async () => undefined) {
  const closed = { times: 0 };
  const source: BacktestSource = {
    policy: { version: '1', hash: 'sha256:00' },
    async *count() {
      yield [10, 20] as const;
      await end();
      return counts;
    },
    async *changes(kind) {
      for (let n = 0; kind === 'opens' && n < 150; n += 1) yield { keyId: `key ${n}` } as never;
    },
    close: async () => {
      closed.times += 1;
    },
  };
  return { closed, backtest: async () => source };
}

const stateOf = (kept: KeptBacktests, id: string) =>
  eventually('it has ended', () => {
    const state = kept.find(id)?.state;
    return state?.kind === 'running' ? undefined : state;
  });

test('a back-test shows how far it is, and keeps the first 50 changes of a kind', async () => {
  const { kept } = keep();
  let goOn: () => void = () => undefined;
  const { closed, backtest } = aSource(
    () =>
      new Promise((resolve) => {
        goOn = resolve;
      }),
  );
  const { id } = kept.start(asked(), backtest);
  const running = { kind: 'running', done: 10, total: 20 };
  await eventually('ten keys are judged', () => isDeepStrictEqual(kept.find(id)?.state, running));
  goOn();
  const state = await stateOf(kept, id);
  expect(state).toMatchObject({ kind: 'done', result: { changes: { opens: 150 } } });
  if (state.kind !== 'done') throw new Error('it is not done');
  expect(state.result.first.opens).toHaveLength(50);
  expect(closed.times).toBe(1);
});

test.each([
  [
    'a policy that cannot be read',
    new UnreadablePolicy('bad', [{ line: 3, column: 5, path: [], message: 'm' }]),
    'bad',
    1,
  ],
  [
    'one that took too long',
    new BacktestEnded('it took longer than 60 s'),
    'the back-test was ended: it took longer than 60 s',
    0,
  ],
  [
    'a failure of ours, without its words',
    new Error('secret'),
    'something went wrong in keysweep; its log says what',
    0,
  ],
])('%s is the result', async (_what, error, why, faults) => {
  const { kept, lines } = keep();
  const refuse: Backtest = async () => {
    throw error;
  };
  const { id } = kept.start(asked(), refuse);
  const state = await stateOf(kept, id);
  expect(state).toMatchObject({ kind: 'failed', why });
  expect(state.kind === 'failed' && state.faults).toHaveLength(faults);
  expect(lines.join('')).not.toContain('secret');
});

const never: Backtest = () => new Promise(() => undefined);

test('the last twenty are kept, and none that runs is dropped', async () => {
  const { kept } = keep();
  const first = kept.start(asked(), never);
  for (let n = 1; n < 20; n += 1) {
    const { id } = kept.start(asked(), async () => undefined);
    await stateOf(kept, id);
  }
  kept.start(asked(), never);
  expect(kept.list()).toHaveLength(20);
  expect(kept.list().at(-1)?.id).toBe(first.id);
  for (let n = 2; n < 20; n += 1) kept.start(asked(), never);
  expect(() => kept.start(asked(), never)).toThrow('too many back-tests');
});

test('one that has ended is forgotten after a time, and one that runs is not', async () => {
  const { kept } = keep(20);
  const { id } = kept.start(asked(), never);
  kept.start(asked(), async () => undefined);
  await eventually('it is forgotten', () => kept.list().length === 1);
  expect(kept.find(id)?.state.kind).toBe('running');
});

test('a form that is sent twice by the same person is one back-test', () => {
  const { kept } = keep();
  const { backtest } = aSource();
  const once = { once: 'page a' };
  const { id } = kept.start(asked(once), backtest);
  expect(kept.start(asked(once), backtest).id).toBe(id);
  expect(kept.start(asked({ ...once, by: 'otto' }), backtest).id).not.toBe(id);
  expect(kept.start(asked(), backtest).id).not.toBe(kept.start(asked(), backtest).id);
});

test('closing ends those that run', async () => {
  const { kept } = keep();
  let stop: (error: Error) => void = () => undefined;
  const { closed, backtest } = aSource(
    () =>
      new Promise((_resolve, reject) => {
        stop = reject;
      }),
  );
  const ending: Backtest = async (input) => {
    const source = await backtest();
    const close = async () => {
      await source.close();
      stop(new BacktestEnded('its thread has ended'));
    };
    return input.policy === undefined ? undefined : { ...source, close };
  };
  const { id } = kept.start(asked(), ending);
  const running = { kind: 'running', done: 10, total: 20 };
  await eventually('it runs', () => isDeepStrictEqual(kept.find(id)?.state, running));
  await kept.close();
  expect(kept.find(id)?.state.kind).toBe('failed');
  expect(closed.times).toBeGreaterThan(0);
});
