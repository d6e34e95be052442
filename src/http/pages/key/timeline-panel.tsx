import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { KeyTimeline, mostIdle } from '../charts/key-timeline.tsx';
import { VerdictBadge } from '../parts/badges.tsx';
import { Day } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';
import type { ChangedNight, KeyModel } from './key-model.ts';

/** Verdicts and last use over the nights, and what changed when. */
export function TimelinePanel({ model: { nights } }: { model: KeyModel }) {
  const oldestFirst = nights.toReversed();
  const [first, last] = [oldestFirst[0], oldestFirst.at(-1)];
  return (
    <section class="panel" aria-labelledby="timeline">
      <h2 id="timeline">Over the nights</h2>
      {first === undefined || last === undefined ? (
        <p class="empty">No sweep has judged this key yet.</p>
      ) : (
        <>
          <figure>
            <Legend />
            <KeyTimeline nights={oldestFirst} label={describe(oldestFirst)} />
            <p class="scale ends" aria-hidden="true">
              <span>
                <Day at={first.at} />
              </span>
              <span>
                <Day at={last.at} />
              </span>
            </p>
            <figcaption>
              The strip shows the verdict of each sweep; the line shows the days without use, up to{' '}
              {renderCount(mostIdle(nights), 'day')}. Vertical lines mark what is listed below.
            </figcaption>
          </figure>
          <Changes nights={nights} />
        </>
      )}
    </section>
  );
}

const verdicts = ['fail', 'unknown', 'waived', 'pass'] as const;

function Legend() {
  return (
    <ul class="legend" aria-hidden="true">
      {verdicts.map((verdict) => (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <rect width="12" height="12" class={`verdict-${verdict}`} />
          </svg>
          {verdict}
        </li>
      ))}
    </ul>
  );
}

function describe(nights: readonly ChangedNight[]): string {
  const said = verdicts.flatMap((verdict) => {
    const count = nights.filter((night) => night.verdict === verdict).length;
    return count === 0 ? [] : `${verdict} in ${count}`;
  });
  const changed = nights.filter(({ changes }) => changes.length > 0).length;
  const sweeps = renderCount(nights.length, 'sweep');
  return `Verdicts over ${sweeps}: ${said.join(', ')}. Something changed in ${changed}.`;
}

function Changes({ nights }: { nights: readonly ChangedNight[] }) {
  const changed = nights.filter(({ changes }) => changes.length > 0);
  if (changed.length === 0) return <p class="empty">Nothing changed in these sweeps.</p>;
  return (
    <ol class="changes" aria-label="What changed, newest first">
      {changed.map(({ sweep, at, verdict, changes, simulated }) => (
        <li>
          <a class="nowrap" href={pathOfSweep(sweep)}>
            <Day at={at} simulated={simulated} />
          </a>{' '}
          <VerdictBadge verdict={verdict} />{' '}
          <span>
            <Shown text={changes.join('; ')} most={800} />
          </span>
        </li>
      ))}
    </ol>
  );
}
