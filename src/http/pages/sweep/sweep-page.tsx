import type { SweptKey } from '../../../record/reads/pages/read-swept-keys.ts';
import { coverageLine, coverageNote } from '../../../report/coverage-line.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Live } from '../parts/live.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { pathOfSweep, withQuery } from '../paths.ts';
import { renderSpan, renderTrigger } from '../sweeps/render-sweep.ts';
import { SweptKeysPanel } from './keys-panel.tsx';
import { SweepProgress } from './progress-panel.tsx';
import type { ShownSweep } from './read-sweep.ts';

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
          <FactsPanel facts={facts} frame={frame} />
          {isOpen ? null : <CostPanel facts={facts} />}
        </div>
      </>
    ),
  });
}

interface FactsProps {
  readonly facts: ShownSweep;
  readonly now: Date;
}

interface ProgressProps {
  readonly facts: ShownSweep;
  readonly frame: Frame;
}

function ProgressPanel({ facts, frame }: ProgressProps) {
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

function Head({ facts, now }: FactsProps) {
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

const words = {
  fail: 'break a rule',
  unknown: 'could not be judged',
  waived: 'break rules under a waiver only',
  pass: 'pass every rule',
} as const;

function VerdictsPanel({ facts: { verdicts, changes } }: { facts: ShownSweep }) {
  return (
    <section class="panel half" aria-labelledby="verdicts">
      <h2 id="verdicts">Verdicts</h2>
      <dl class="facts">
        {(['fail', 'unknown', 'waived', 'pass'] as const).map((verdict) => (
          <>
            <dt>
              <span class={`badge is-${verdict}`}>{verdict}</span>
            </dt>
            <dd>
              <strong>{renderNumber(verdicts[verdict])}</strong>{' '}
              <span class="soft">{words[verdict]}</span>
            </dd>
          </>
        ))}
      </dl>
      <p class="note">
        {changes.length === 0
          ? 'It changed no finding.'
          : `Findings: ${changes.map(({ kind, count }) => `${count} ${kind}`).join(', ')}.`}
      </p>
    </section>
  );
}

const formats = [
  { format: 'html', name: 'HTML', words: 'a page of its own, to keep and to print' },
  { format: 'json', name: 'JSON', words: 'everything, for programs' },
  { format: 'csv', name: 'CSV', words: 'a row for each key, for spreadsheets' },
  { format: 'sarif', name: 'SARIF', words: 'for code scanning' },
  { format: 'table', name: 'Text', words: 'as the command prints it' },
] as const;

function ReportsPanel({ id }: { id: string }) {
  return (
    <section class="panel half" aria-labelledby="reports">
      <h2 id="reports">Reports</h2>
      <ul>
        {formats.map(({ format, name, words: about }) => (
          <li>
            <a href={withQuery(`/api/v1/sweeps/${encodeURIComponent(id)}`, { format })}>{name}</a>{' '}
            <span class="soft">{about}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FactsPanel({ facts, frame }: ProgressProps) {
  const { dueAt, closedAt, stoppedAt, policy, requests, held, seal } = facts;
  return (
    <section class="panel half" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl class="facts">
        <dt>Asked for by</dt>
        <dd>
          <Shown text={renderTrigger(facts)} />
          {requests.map((request) => (
            <Request request={request} />
          ))}
        </dd>
        <When name="Due" at={dueAt} />
        <When name="Closed" at={closedAt} />
        <When name="Stopped by somebody" at={stoppedAt} />
        <dt>Policy</dt>
        <dd>
          version <Shown text={policy.version} />
          <small>
            <code>
              <Shown text={policy.hash} />
            </code>
          </small>
        </dd>
        <dt>Alerts</dt>
        <dd>
          <a href={withQuery('/alerts', { sweep: facts.id })}>of this sweep</a>
          {held === null ? null : `, ${heldWords[held]}`}
          {held === 'held' ? (
            <ActionButton
              frame={frame}
              action="/actions/release"
              fields={{ sweep: facts.id }}
              words="Release them…"
            />
          ) : null}
        </dd>
        {seal === null ? null : (
          <>
            <dt>Seal</dt>
            <dd>
              <code>
                <Shown text={seal} />
              </code>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

const heldWords = {
  held: 'held until somebody releases them or the next sweep confirms them',
  released: 'released after they were held',
  confirmed: 'confirmed by the next sweep after they were held',
  withdrawn: 'withdrawn: the next sweep did not confirm them',
} as const;

function Request({ request: { by, reason } }: { request: ShownSweep['requests'][number] }) {
  if (by === null && reason === null) return null;
  return (
    <small>
      {by === null ? null : <Shown text={by} most={100} />}
      {by === null || reason === null ? null : ': '}
      {reason === null ? null : <Shown text={reason} most={300} />}
    </small>
  );
}

function When({ name, at }: { name: string; at: Date | null }) {
  if (at === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Instant at={at} />
      </dd>
    </>
  );
}

/** What the sweep cost: time, and how often batches were asked again. */
function CostPanel({ facts }: { facts: ShownSweep }) {
  const { openedAt, closedAt, batches, rounds, coverage, refusedSources } = facts;
  const ms = (closedAt ?? openedAt).getTime() - openedAt.getTime();
  const perMinute = Math.round(((coverage.tracked - facts.pending) / Math.max(1, ms)) * 60_000);
  return (
    <section class="panel half" aria-labelledby="cost">
      <h2 id="cost">What it cost</h2>
      <dl class="facts">
        <dt>Took</dt>
        <dd>
          {renderSpan(ms)}, {renderNumber(perMinute)} keys a minute
        </dd>
        <dt>Batches</dt>
        <dd>
          {renderNumber(batches)}, asked again {renderCount(rounds, 'time')}
        </dd>
        {refusedSources.length === 0 ? null : (
          <>
            <dt>Refused us</dt>
            <dd>
              <Shown text={refusedSources.join(', ')} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
