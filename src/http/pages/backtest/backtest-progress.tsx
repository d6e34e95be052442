import { renderNumber } from '../parts/figures.tsx';
import type { BacktestState } from './kept-backtest.ts';

type Running = Extract<BacktestState, { kind: 'running' }>;

/** The same as the part of the page that is kept up to date. */
export function renderBacktestProgress(state: Running): string {
  return String(<BacktestProgress state={state} />);
}

export function BacktestProgress({ state: { done, total } }: { state: Running }) {
  if (total === 0) return <p>The policy is read, and the keys are counted.</p>;
  return (
    <p>
      <progress value={done} max={total} aria-label="Keys judged" /> {renderNumber(done)} of{' '}
      {renderNumber(total)} keys judged ({Math.floor((done / total) * 100)} %)
    </p>
  );
}
