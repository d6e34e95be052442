import { Shown } from '../../../report/html/shown.tsx';
import type { ListedSweep } from '../../../report/model.ts';
import { NightCalendar } from '../charts/night-calendar.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ListFilters, ListItems, type ListProps } from '../lists/list-page.tsx';
import type { List } from '../lists/read-list.ts';
import type { CalendarNight } from '../nights/plan-nights.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Instant } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';
import { renderSpan, renderTrigger } from './render-sweep.ts';

/** All that the page of sweeps shows. */
export interface SweepsModel extends List<ListedSweep> {
  readonly nights: readonly CalendarNight[];
  readonly timezone: string;
  readonly schedules: readonly string[];
}

export function renderSweeps(frame: Frame, model: SweepsModel): string {
  const list = listOf(model, frame);
  return renderFramed({
    frame,
    title: 'Sweeps',
    current: '/sweeps',
    children: (
      <>
        <div class="head">
          <h1>Sweeps</h1>
          <p class="note">A sweep asks the vendors about keys once, and judges them.</p>
          <ActionButton frame={frame} action="/actions/sweep" fields={{}} words="Sweep now" />
        </div>
        <NightsPanel model={model} />
        <section class="panel" aria-labelledby="sweeps">
          <h2 id="sweeps">All sweeps</h2>
          <ListFilters {...list} />
          <ListItems {...list} />
        </section>
      </>
    ),
  });
}

function NightsPanel({ model: { nights, timezone } }: { model: SweepsModel }) {
  return (
    <section class="panel" aria-labelledby="calendar">
      <h2 id="calendar">Nights</h2>
      {nights.some(({ state }) => state !== 'none') ? (
        <>
          <Legend />
          <NightCalendar nights={nights} />
          <p class="note">
            Days in <Shown text={timezone} />; each shows its last full sweep.
          </p>
        </>
      ) : (
        <p class="empty">No night has been swept yet.</p>
      )}
    </section>
  );
}

function Legend() {
  const states = ['complete', 'incomplete', 'missed', 'skipped', 'none'] as const;
  const words = { none: 'nothing was due' } as Readonly<Record<string, string>>;
  return (
    <ul class="legend" aria-hidden="true">
      {states.map((state) => (
        <li>
          <span class={`night night-${state}`} /> {words[state] ?? state}
        </li>
      ))}
    </ul>
  );
}

function listOf(model: SweepsModel, { at }: Frame): ListProps {
  return {
    ...{ list: model, path: '/sweeps', what: 'sweeps' },
    fields: [
      { name: 'status', label: 'Status', choices: ['open', 'complete', 'incomplete'] },
      { name: 'scope', label: 'Keys', choices: ['full', 'partial'] },
      { name: 'trigger', label: 'Asked for by', choices: ['schedule', 'catch-up', 'request'] },
      { name: 'schedule', label: 'Schedule', choices: model.schedules },
    ],
    none: 'No sweep has been opened yet.',
    noMatch: 'No sweep matches.',
    children: (
      <Table name="Sweeps, newest first" class="list" columns={columns}>
        {model.items.map((sweep) => (
          <SweepRow sweep={sweep} now={at} />
        ))}
      </Table>
    ),
  };
}

const counted = ['fail', 'unknown', 'waived', 'pass'] as const;
const columns = [
  ...['Opened', 'Status', 'Asked for', { number: 'Took' }, { number: 'Keys' }],
  ...counted.map((verdict) => ({ number: verdict })),
];

function SweepRow({ sweep, now }: { sweep: ListedSweep; now: Date }) {
  const { id, openedAt, closedAt, status, verdicts, tracked, pending, simulated } = sweep;
  return (
    <tr>
      <th scope="row">
        <a href={pathOfSweep(id)}>
          <Instant at={openedAt} />
        </a>
        {simulated === true ? <small>simulated</small> : null}
      </th>
      <td>
        <StatusBadge status={status} />
      </td>
      <td data-label="Asked for">
        <Shown text={renderTrigger(sweep)} />
      </td>
      <td class="n" data-label="Took">
        {renderSpan((closedAt ?? now).getTime() - openedAt.getTime())}
      </td>
      <td class="n" data-label="Keys">
        {renderNumber(tracked)}
      </td>
      {verdicts === null ? (
        <td colspan={4} class="n">
          {renderNumber(tracked - pending)} judged
        </td>
      ) : (
        counted.map((verdict) => (
          <td class="n" data-label={verdict}>
            {renderNumber(verdicts[verdict])}
          </td>
        ))
      )}
    </tr>
  );
}
