import type { SweptKey } from '../../../record/reads/pages/read-swept-keys.ts';
import { coverageLine, coverageNote } from '../../../report/coverage-line.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { Live } from '../parts/live.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';
import { CostPanel } from './cost-panel.tsx';
import { SweptKeysPanel } from './keys-panel.tsx';
import { SweepProgress } from './progress-panel.tsx';
import type { ShownSweep } from './read-sweep.ts';
import { ReportsPanel } from './reports-panel.tsx';
import { SweepFactsPanel } from './sweep-facts-panel.tsx';
import { VerdictsPanel } from './verdicts-panel.tsx';

/** `keys`: those of a re-audit of few keys. */
export function renderSweep(
  frame: Frame,
  facts: ShownSweep,
  keys: readonly SweptKey[] | undefined,
): string {
  const isOpen = facts.status === 'open';
  return renderFramed({
    frame,
    title: `Sweep ${facts.id.slice(0, 8)}`,
    current: '/sweeps',
    refreshes: isOpen,
    children: (
      <>
        <Head facts={facts} now={frame.at} />
        <div class="panels">
          {isOpen ? <ProgressPanel facts={facts} frame={frame} /> : <VerdictsPanel facts={facts} />}
          {keys === undefined ? null : <SweptKeysPanel keys={keys} />}
          {isOpen ? null : <ReportsPanel id={facts.id} />}
          <SweepFactsPanel facts={facts} frame={frame} />
          {isOpen ? null : <CostPanel facts={facts} />}
        </div>
      </>
    ),
  });
}

function ProgressPanel({ facts, frame }: { facts: ShownSweep; frame: Frame }) {
  return (
    <section class="panel half" aria-labelledby="progress">
      <h2 id="progress">Progress</h2>
      <Live path={`${pathOfSweep(facts.id)}/live`}>
        <SweepProgress facts={facts} now={frame.at} />
      </Live>
      <ActionButton
        frame={frame}
        action="/actions/stop"
        fields={{ sweep: facts.id }}
        words="Stop this sweep…"
      />
    </section>
  );
}

function Head({ facts, now }: { facts: ShownSweep; now: Date }) {
  const { id, status, coverage, scope, openedAt } = facts;
  return (
    <div class="head">
      <p class="kicker">
        {scope === 'full' ? 'Sweep of every tracked key' : 'Re-audit of some keys'}{' '}
        <StatusBadge status={status} /> opened <Instant at={openedAt} /> (
        <Ago at={openedAt} now={now} />)
      </p>
      <h1>
        {status === 'open'
          ? `A sweep of ${renderCount(coverage.tracked, 'key')} runs`
          : coverageLine(coverage)}
      </h1>
      <p class="note">
        <code>
          <Shown text={id} />
        </code>
        . {coverageNote}
      </p>
      {facts.simulated ? (
        <p class="notice is-unknown">
          This sweep is simulated: keysweep demo invented its answers, and no vendor was asked.
        </p>
      ) : null}
    </div>
  );
}
