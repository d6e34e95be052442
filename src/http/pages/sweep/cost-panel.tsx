import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { renderNumber } from '../parts/figures.tsx';
import { renderSpan } from '../sweeps/render-sweep.ts';
import type { ShownSweep } from './read-sweep.ts';

/** What the sweep cost: time, and how often batches were asked again. */
export function CostPanel({ facts }: { facts: ShownSweep }) {
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
