import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import type { Frame } from '../layout/page.tsx';
import { Ago } from '../parts/times.tsx';
import { pathOfBacktest } from '../paths.ts';
import { BacktestForm } from './backtest-form.tsx';
import type { BacktestState, KeptBacktest } from './kept-backtest.ts';

interface BacktestsPanelProps {
  readonly frame: Frame;
  /** The text of the policy in use. */
  readonly policy: string;
  readonly backtests: readonly KeptBacktest[];
}

/** Where an operator tries a policy, and what was tried. */
export function BacktestsPanel({ frame, policy, backtests }: BacktestsPanelProps) {
  return (
    <section class="panel unprinted" aria-labelledby="backtests">
      <h2 id="backtests">What would another policy change?</h2>
      <p class="note">
        Judges kept sweeps again, in the background and for 60 s at most. Nothing is changed and
        nobody is alerted.
      </p>
      <BacktestForm frame={frame} policy={policy} span="last" button="Try this policy" />
      {backtests.length === 0 ? null : (
        <>
          <h3>Tried in the last hour</h3>
          <ul class="rows">
            {backtests.map((kept) => (
              <BacktestRow kept={kept} now={frame.at} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function BacktestRow({ kept, now }: { kept: KeptBacktest; now: Date }) {
  const { id, by, startedAt, state } = kept;
  return (
    <li>
      <a href={pathOfBacktest(id)}>{describeState(state)}</a>
      <small>
        asked for by <Shown text={by} most={60} />, <Ago at={startedAt} now={now} />
      </small>
    </li>
  );
}

function describeState(state: BacktestState): string {
  if (state.kind === 'running') return 'A back-test that is running';
  if (state.kind === 'failed') return 'A back-test without a result';
  const { opens, resolves } = state.result.changes;
  return `${renderCount(opens, 'violation')} would open, ${resolves} would resolve`;
}
