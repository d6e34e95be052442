import { Patterns } from '../../../report/html/patterns.tsx';
import { Shown } from '../../../report/html/shown.tsx';
import { withMark } from '../../../report/simulated.ts';
import { renderCount } from '../../../text/render-count.ts';
import { nightWords } from '../charts/night-calendar.tsx';
import { NightMarks, NightsArea } from '../charts/nights-area.tsx';
import { NightsLegend } from '../charts/nights-legend.tsx';
import type { CalendarNight } from '../nights/plan-nights.ts';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { pathOfSweep } from '../paths.ts';

/** One night alone must not fill the page. */
const fewNights = 14;

/** The verdicts of the last nights, as a chart and as a table. */
export function NightsPanel({
  nights,
  timezone,
}: {
  nights: readonly CalendarNight[];
  timezone: string;
}) {
  const [first, last] = [nights[0], nights.at(-1)];
  const swept = nights.some(({ sweep }) => sweep !== undefined);
  return (
    <section class="panel" aria-labelledby="nights">
      <h2 id="nights">Verdicts of the last 90 nights</h2>
      {!swept || first === undefined || last === undefined ? (
        <p class="empty">The chart begins with the first full sweep.</p>
      ) : (
        <>
          <figure class={nights.length < fewNights ? 'few' : undefined}>
            <Patterns />
            <NightsLegend />
            <p class="scale" aria-hidden="true">
              {renderNumber(mostOf(nights))} keys
            </p>
            <NightsArea nights={nights} label={describeNights(nights)} />
            <NightMarks nights={nights} />
            <p class="scale ends" aria-hidden="true">
              <span>
                <Shown text={first.day} />
              </span>
              <span>
                <Shown text={last.day} />
              </span>
            </p>
            <figcaption>
              Days in <Shown text={timezone} />. Complete nights form an area; an incomplete night
              stands apart, and a night without a sweep is a gap.
            </figcaption>
          </figure>
          <NightsTable nights={nights} />
        </>
      )}
    </section>
  );
}

function mostOf(nights: readonly CalendarNight[]): number {
  return Math.max(0, ...nights.map(({ sweep }) => sweep?.tracked ?? 0));
}

function describeNights(nights: readonly CalendarNight[]): string {
  const count = (state: CalendarNight['state']) =>
    nights.filter((night) => night.state === state).length;
  const said = (['complete', 'incomplete', 'missed', 'skipped'] as const)
    .map((state) => `${count(state)} ${state}`)
    .join(', ');
  const newest = nights.findLast(({ sweep }) => sweep !== undefined)?.sweep;
  const now =
    newest === undefined
      ? ''
      : ` In the newest: ${newest.fail} fail, ${newest.unknown} unknown, ${newest.waived} waived, ${newest.pass} pass.`;
  return `Keys by verdict over ${renderCount(nights.length, 'night')}: ${said}.${now}`;
}

function NightsTable({ nights }: { nights: readonly CalendarNight[] }) {
  return (
    <details>
      <summary>The same as a table</summary>
      <Table
        name="Keys by verdict and night, the newest night first"
        columns={[
          'Night',
          'Sweep',
          ...['fail', 'unknown', 'waived', 'pass'].map((verdict) => ({ number: verdict })),
        ]}
      >
        {nights.toReversed().map((night) => (
          <NightRow night={night} />
        ))}
      </Table>
    </details>
  );
}

function NightRow({ night: { day, state, sweep, simulated } }: { night: CalendarNight }) {
  return (
    <tr>
      <th scope="row" class="nowrap">
        <Shown text={withMark(day, simulated)} />
      </th>
      <td>
        {sweep === undefined ? (
          nightWords[state]
        ) : (
          <a href={pathOfSweep(sweep.id)}>{nightWords[state]}</a>
        )}
      </td>
      {sweep === undefined ? (
        <td colspan={4} />
      ) : (
        [sweep.fail, sweep.unknown, sweep.waived, sweep.pass].map((keys) => (
          <td class="n">{renderNumber(keys)}</td>
        ))
      )}
    </tr>
  );
}
