import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { UnreadablePolicy } from '../../../backtest/errors.ts';
import type { Operations } from '../../../operations/index.ts';
import { RequestRefused } from '../../../record/store/errors.ts';
import type { BacktestSource } from '../../../report/backtest/backtest-model.ts';
import { framesOf } from '../../../text/frames-of.ts';
import { toProblem } from '../../problems/to-problem.ts';
import { judgeToResult } from './judge-to-result.ts';
import type { AskedBacktest, BacktestState, KeptBacktest } from './kept-backtest.ts';

const hourMs = 3_600_000;
const mostKept = 20;

export interface KeepOptions {
  readonly log: Logger;
  now(): Date;
  /** How long one is remembered after it has ended. */
  readonly keptMs?: number;
}

/** The back-tests of this process: those that run, and the last of those that have ended. */
export interface KeptBacktests {
  /** Begins one, which goes on by itself. A form that was sent before has begun it already. */
  start(asked: AskedBacktest, backtest: Operations['backtest']): KeptBacktest;
  find(id: string): KeptBacktest | undefined;
  /** The newest first. */
  list(): readonly KeptBacktest[];
  /** Ends those that run. */
  close(): Promise<void>;
}

interface Kept extends KeptBacktest {
  state: BacktestState;
  source: BacktestSource | undefined;
  ended: Promise<void>;
}

/** Keeps back-tests in memory: they write nothing, and can be repeated. */
export function createKeptBacktests({ log, now, keptMs = hourMs }: KeepOptions): KeptBacktests {
  const kept = new Map<string, Kept>();
  let isClosed = false;

  async function run(one: Kept, backtest: Operations['backtest']): Promise<void> {
    const { policy, sweeps } = one;
    try {
      const source = await backtest({ policy, sweeps });
      one.source = source;
      if (source === undefined) one.state = nothingKept;
      else if (isClosed) await source.close();
      else one.state = await judge(one, source);
    } catch (error) {
      one.state = toFailure(error, log);
    }
    one.source = undefined;
    if (!isClosed) setTimeout(() => kept.delete(one.id), keptMs).unref();
  }

  return {
    start(asked, backtest) {
      const { by, once } = asked;
      const before = [...kept.values()].find((one) => isSame(one, { by, once }));
      if (before !== undefined) return before;
      makeRoom(kept);
      const state: BacktestState = { kind: 'running', done: 0, total: 0 };
      const begun = { ...asked, id: randomUUID(), startedAt: now(), state };
      const one: Kept = { ...begun, source: undefined, ended: Promise.resolve() };
      kept.set(one.id, one);
      one.ended = run(one, backtest);
      return one;
    },
    find: (id) => kept.get(id),
    list: () => [...kept.values()].reverse(),
    async close() {
      isClosed = true;
      const running = [...kept.values()].filter(({ source }) => source !== undefined);
      await Promise.all(running.map(({ source }) => source?.close()));
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

const nothingKept: BacktestState = {
  kind: 'failed',
  why: 'no full sweep has closed in that time: there is nothing to judge again',
  faults: [],
};

async function judge(one: Kept, source: BacktestSource): Promise<BacktestState> {
  try {
    const result = await judgeToResult(source, (done, total) => {
      one.state = { kind: 'running', done, total };
    });
    return { kind: 'done', result };
  } finally {
    await source.close();
  }
}

function isSame(one: AskedBacktest, { by, once }: Pick<AskedBacktest, 'by' | 'once'>): boolean {
  return once !== undefined && one.once === once && one.by === by;
}

function makeRoom(kept: Map<string, Kept>): void {
  if (kept.size < mostKept) return;
  const oldest = [...kept.values()].find(({ state }) => state.kind !== 'running');
  if (oldest === undefined) throw new RequestRefused('too many back-tests have been asked for');
  kept.delete(oldest.id);
}

function toFailure(error: unknown, log: Logger): BacktestState {
  const faults = error instanceof UnreadablePolicy ? error.faults : [];
  const problem = toProblem(error);
  if (problem !== undefined) return { kind: 'failed', why: problem.detail, faults };
  const failure = error instanceof Error ? error : new Error('unknown');
  const { code = failure.name } = failure as { readonly code?: unknown };
  log.error({ code: String(code), stack: framesOf(failure) }, 'a back-test failed');
  return { kind: 'failed', why: 'something went wrong in keysweep; its log says what', faults };
}
