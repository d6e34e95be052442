import { Shown } from '../../../report/html/shown.tsx';
import type { ListedSweep } from '../../../report/model.ts';
import { NightCalendar } from '../charts/night-calendar.tsx';
import { ChoiceField, FilterForm } from '../forms/filter-form.tsx';
import type { ActiveFilter } from '../forms/filter-state.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import type { CalendarNight } from '../nights/plan-nights.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { StatusBadge } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Pager } from '../parts/pager.tsx';
import { Instant } from '../parts/times.tsx';
import { Wide } from '../parts/wide.tsx';
import { pathOfSweep } from '../paths.ts';
import { renderSpan, renderTrigger } from './render-sweep.ts';

/** All that the page of sweeps shows. */
export interface SweepsModel {
  readonly now: Date;
  readonly query: URLSearchParams;
  readonly sweeps: readonly ListedSweep[];
  readonly nights: readonly CalendarNight[];
  readonly timezone: string;
  readonly schedules: readonly string[];
  readonly active: readonly ActiveFilter[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  readonly wrong: string | undefined;
}

export function renderSweeps(frame: Frame, model: SweepsModel): string {
  const { sweeps, wrong, first, next, nights, timezone } = model;
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
        <section class="panel" aria-labelledby="sweeps">
          <h2 id="sweeps">All sweeps</h2>
          <Filters model={model} />
          {wrong === undefined ? null : (
            <p class="notice is-unknown" role="alert">
              <Shown text={wrong} most={1_000} />
            </p>
          )}
          {sweeps.length === 0 ? (
            <p class="empty">{first === undefined ? 'There are none.' : 'The list ends here.'}</p>
          ) : (
            <SweepTable sweeps={sweeps} now={model.now} />
          )}
          <Pager first={first} next={next} />
        </section>
      </>
    ),
  });
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

function Filters({ model: { query, active, schedules } }: { model: SweepsModel }) {
  const value = (name: string) => query.get(name) ?? '';
  const fields = [
    { name: 'status', label: 'Status', choices: ['open', 'complete', 'incomplete'] },
    { name: 'scope', label: 'Keys', choices: ['full', 'partial'] },
    { name: 'trigger', label: 'Asked for by', choices: ['schedule', 'catch-up', 'request'] },
    { name: 'schedule', label: 'Schedule', choices: schedules },
  ];
  return (
    <FilterForm
      path="/sweeps"
      what="sweeps"
      active={active}
      fields={fields.map(({ name }) => name)}
    >
      {fields.map(({ name, label, choices }) => (
        <ChoiceField name={name} label={label} any="any" value={value(name)} choices={choices} />
      ))}
    </FilterForm>
  );
}

const counted = ['fail', 'unknown', 'waived', 'pass'] as const;

function SweepTable({ sweeps, now }: { sweeps: readonly ListedSweep[]; now: Date }) {
  return (
    <Wide name="Sweeps, newest first">
      <table>
        <caption class="aloud">Sweeps, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Opened</th>
            <th scope="col">Status</th>
            <th scope="col">Asked for</th>
            <th scope="col" class="n">
              Took
            </th>
            <th scope="col" class="n">
              Keys
            </th>
            {counted.map((verdict) => (
              <th scope="col" class="n">
                {verdict}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sweeps.map((sweep) => (
            <SweepRow sweep={sweep} now={now} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

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
      <td>
        <Shown text={renderTrigger(sweep)} />
      </td>
      <td class="n">{renderSpan((closedAt ?? now).getTime() - openedAt.getTime())}</td>
      <td class="n">{renderNumber(tracked)}</td>
      {verdicts === null ? (
        <td colspan={4} class="n">
          {renderNumber(tracked - pending)} judged
        </td>
      ) : (
        counted.map((verdict) => <td class="n">{renderNumber(verdicts[verdict])}</td>)
      )}
    </tr>
  );
}
