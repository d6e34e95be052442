import { coverageLine, coverageNote } from '../../../report/coverage-line.ts';
import type { VerdictCounts } from '../../../report/model.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { Frame } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { Figure } from '../parts/figures.tsx';
import { HeldAlerts } from '../parts/held-alerts.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { pathOfSweep, withQuery } from '../paths.ts';
import type { OverviewModel } from './overview-model.ts';

/** The coverage first, then the verdicts, then what is under way. */
export function OverviewHead({ model, frame }: { model: OverviewModel; frame: Frame }) {
  const { last } = model;
  return (
    <>
      {last === undefined ? (
        <NoSweep model={model} frame={frame} />
      ) : (
        <LastSweepHead model={model} last={last} />
      )}
      <Running model={model} />
      <Held model={model} />
    </>
  );
}

function NoSweep({ model: { keys, running }, frame }: { model: OverviewModel; frame: Frame }) {
  return (
    <div class="head">
      <p class="kicker">Audit of API keys</p>
      <h1>No sweep has closed yet</h1>
      <p>
        The inventory has {renderCount(keys, 'key')}. The first sweep begins when a schedule is due,
        or when somebody asks for one.
      </p>
      {running.length > 0 ? null : (
        <ActionButton frame={frame} action="/actions/sweep" fields={{}} words="Sweep now" />
      )}
    </div>
  );
}

function LastSweepHead({
  model: { now },
  last,
}: {
  model: OverviewModel;
  last: NonNullable<OverviewModel['last']>;
}) {
  const { closedAt } = last;
  return (
    <>
      <div class="head">
        <p class="kicker">
          <a href={pathOfSweep(last.id)}>Last full sweep</a> <StatusBadge status={last.status} />
          {closedAt === null ? null : (
            <>
              {' '}
              <Instant at={closedAt} /> (<Ago at={closedAt} now={now} />)
            </>
          )}
        </p>
        <h1>{coverageLine(last.coverage)}</h1>
        <p class="note">{coverageNote}</p>
      </div>
      <VerdictFigures verdicts={last.verdicts} />
    </>
  );
}

const verdicts = [
  { verdict: 'fail', words: 'break a rule' },
  { verdict: 'unknown', words: 'could not be judged' },
  { verdict: 'waived', words: 'break rules under a waiver only' },
  { verdict: 'pass', words: 'pass every rule' },
] as const;

function VerdictFigures({ verdicts: counts }: { verdicts: VerdictCounts }) {
  return (
    <ul class="figures" aria-label="Keys by verdict">
      {verdicts.map(({ verdict, words }) => (
        <Figure
          tone={verdict}
          value={counts[verdict]}
          name={verdict}
          words={words}
          href={withQuery('/keys', { verdict })}
        />
      ))}
    </ul>
  );
}

function Running({ model: { running, now } }: { model: OverviewModel }) {
  return (
    <>
      {running.map(({ id, scope, openedAt, tracked, pending }) => (
        <p class="notice">
          <a href={pathOfSweep(id)}>A {scope} sweep runs</a>: {tracked - pending} of{' '}
          {renderCount(tracked, 'key')} judged; opened <Ago at={openedAt} now={now} />.{' '}
          <progress value={tracked - pending} max={Math.max(1, tracked)} aria-label="Keys judged" />
        </p>
      ))}
    </>
  );
}

function Held({ model: { held, now } }: { model: OverviewModel }) {
  return (
    <>
      {held.map((one) => (
        <p class="notice is-unknown">
          <HeldAlerts held={one} now={now} />
        </p>
      ))}
    </>
  );
}
