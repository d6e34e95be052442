import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { renderNumber } from '../parts/figures.tsx';
import { Instant } from '../parts/times.tsx';
import { renderSpan } from '../sweeps/render-sweep.ts';
import type { ShownSweep } from './read-sweep.ts';

/** The same as the part of the page that is kept up to date. */
export function renderProgress(facts: ShownSweep, now: Date): string {
  return String(<SweepProgress facts={facts} now={now} />);
}

interface ProgressProps {
  readonly facts: ShownSweep;
  readonly now: Date;
}

/** How far an open sweep has come, and what it waits for. */
export function SweepProgress({ facts, now }: ProgressProps) {
  const { coverage, pending, deadlineAt, openedAt, soFar } = facts;
  const done = coverage.tracked - pending;
  const spent = Math.max(1, now.getTime() - openedAt.getTime());
  const left = done === 0 ? undefined : (spent / done) * pending;
  return (
    <>
      <p>
        {renderNumber(done)} of {renderNumber(coverage.tracked)} keys judged (
        {Math.floor((done / Math.max(1, coverage.tracked)) * 100)} %)
        <progress value={done} max={Math.max(1, coverage.tracked)} aria-label="Keys judged" />
      </p>
      <dl class="facts">
        <dt>Runs for</dt>
        <dd>{renderSpan(spent)}</dd>
        <dt>Unknown so far</dt>
        <dd>{renderNumber(soFar.unknown)}</dd>
        <dt>Failed attempts</dt>
        <dd>{renderNumber(soFar.attempts)}</dd>
        <dt>Rate</dt>
        <dd>{renderNumber(Math.round((done / spent) * 60_000))} keys a minute</dd>
        <dt>Time left</dt>
        <dd>{left === undefined ? 'not known yet' : `about ${renderSpan(left)}`}</dd>
        <dt>Ends at the latest</dt>
        <dd>
          <Instant at={deadlineAt} />
        </dd>
      </dl>
      <Waits waits={facts.waits} />
    </>
  );
}

function Waits({ waits }: Pick<ShownSweep, 'waits'>) {
  const { away = [], askedAgain = null } = waits ?? {};
  return (
    <>
      {away.map(({ source, inMs, pastDeadline }) => (
        <p class="note">
          <Shown text={source} /> asked us to stay away for {renderSpan(inMs)}
          {pastDeadline ? ', longer than this sweep may take' : null}.
        </p>
      ))}
      {askedAgain === null ? null : (
        <p class="note">
          Asked again in {renderSpan(askedAgain.inMs)}: {renderCount(askedAgain.keys, 'key')}{' '}
          without an answer, such as <Shown text={askedAgain.keyId} most={100} /> (
          <Shown text={`${askedAgain.reason}, ${askedAgain.detail}`} />
          ).
        </p>
      )}
    </>
  );
}
