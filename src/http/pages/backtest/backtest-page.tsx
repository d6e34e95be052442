import { Shown } from '../../../report/html/shown.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { Live } from '../parts/live.tsx';
import { Instant } from '../parts/times.tsx';
import { pathOfBacktest } from '../paths.ts';
import { BacktestForm } from './backtest-form.tsx';
import { BacktestProgress } from './backtest-progress.tsx';
import type { BacktestState, KeptBacktest } from './kept-backtest.ts';
import { ResultPanels } from './result-panels.tsx';
import { spanOf, spans } from './spans.ts';

export interface BacktestModel {
  readonly kept: KeptBacktest;
  /** The ids of the rules that have a page. */
  readonly known: ReadonlySet<string>;
}

export function renderBacktestPage(frame: Frame, { kept, known }: BacktestModel): string {
  const { id, state, policy, sweeps } = kept;
  return renderFramed({
    frame,
    title: 'Back-test',
    current: '/policy',
    refreshes: state.kind === 'running',
    children: (
      <>
        <Head kept={kept} />
        {state.kind === 'running' ? (
          <section class="panel" aria-labelledby="progress">
            <h2 id="progress">Progress</h2>
            <Live path={`${pathOfBacktest(id)}/live`}>
              <BacktestProgress state={state} />
            </Live>
          </section>
        ) : null}
        {state.kind === 'failed' ? <FailedPanel state={state} /> : null}
        {state.kind === 'done' ? <ResultPanels result={state.result} known={known} /> : null}
        {state.kind === 'running' ? null : (
          <section class="panel unprinted" aria-labelledby="again">
            <h2 id="again">Try another</h2>
            <BacktestForm
              frame={frame}
              policy={policy}
              span={spanOf(sweeps)}
              button="Try this policy"
            />
          </section>
        )}
      </>
    ),
  });
}

function Head({ kept: { by, startedAt, state, sweeps } }: { kept: KeptBacktest }) {
  const [, words = ''] = spans.find(([value]) => value === spanOf(sweeps)) ?? [];
  return (
    <div class="head">
      <p class="kicker">
        <a href="/policy">Policy</a>
      </p>
      <h1>What another policy would change</h1>
      <p class="note">
        Back-test of {words}, asked for by <Shown text={by} most={60} /> at{' '}
        <Instant at={startedAt} />.{' '}
        {state.kind === 'running'
          ? 'You can leave this page: the back-test goes on, for 60 s at most.'
          : 'It is remembered for an hour, and changes nothing.'}
      </p>
    </div>
  );
}

function FailedPanel({ state }: { state: Extract<BacktestState, { kind: 'failed' }> }) {
  const { why, faults } = state;
  return (
    <section class="panel" aria-labelledby="failed">
      <h2 id="failed">There is no result</h2>
      <p role="alert">
        {faults.length > 0 ? 'The policy cannot be read.' : <Shown text={`${why}.`} most={1_000} />}
      </p>
      {faults.length === 0 ? null : (
        <ul class="rows">
          {faults.map(({ line, column, path, message }) => (
            <li>
              Line {line}, column {column}:{' '}
              {path.length === 0 ? null : (
                <code>
                  <Shown text={path.join('.')} />
                </code>
              )}{' '}
              <Shown text={message} most={600} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
