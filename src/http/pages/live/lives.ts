import { renderBacktestProgress } from '../backtest/backtest-progress.tsx';
import { pathOfBacktest, pathOfRequest, pathOfSweep } from '../paths.ts';
import { renderRequestState } from '../request/request-page.tsx';
import { renderProgress } from '../sweep/progress-panel.tsx';
import { readSweep } from '../sweep/read-sweep.ts';
import type { LiveEntry } from './live-entry.ts';

/** How far a sweep has come. */
const sweepProgress: LiveEntry = {
  path: '/sweeps/:id/live',
  async read({ id = '' }, { database }, now) {
    const facts = await readSweep(database, id);
    if (facts === undefined) return { kind: 'end', to: '/sweeps' };
    if (facts.status !== 'open') return { kind: 'end', to: pathOfSweep(facts.id) };
    return { kind: 'part', html: renderProgress(facts, now) };
  },
};

/** What has become of a request. */
const requestProgress: LiveEntry = {
  path: '/requests/:id/live',
  async read({ id = '' }, { operations }) {
    const progress = await operations.progress({ id });
    if (progress === undefined) return { kind: 'end', to: '/sweeps' };
    const { closed, sweepId, refused } = progress;
    if (refused !== null) return { kind: 'end', to: pathOfRequest(id) };
    if (closed && sweepId !== null) return { kind: 'end', to: pathOfSweep(sweepId) };
    return { kind: 'part', html: renderRequestState(progress) };
  },
};

/** How far a back-test has come. */
const backtestProgress: LiveEntry = {
  path: '/policy/backtests/:id/live',
  what: 'backtest',
  async read({ id = '' }, { backtests }) {
    const kept = backtests.find(id);
    if (kept === undefined) return { kind: 'end', to: '/policy' };
    if (kept.state.kind !== 'running') return { kind: 'end', to: pathOfBacktest(id) };
    return { kind: 'part', html: renderBacktestProgress(kept.state) };
  },
};

/** Every part that is kept up to date. */
export const lives: readonly LiveEntry[] = [sweepProgress, requestProgress, backtestProgress];
