import { alertStates, type HeldSweep, type ListedAlert } from '../../../report/alerts-model.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { ChoiceField, FilterForm } from '../forms/filter-form.tsx';
import type { ActiveFilter } from '../forms/filter-state.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { Pager } from '../parts/pager.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { Wide } from '../parts/wide.tsx';
import { pathOfSweep } from '../paths.ts';

/** All that the page of alerts shows. */
export interface AlertsModel {
  readonly now: Date;
  readonly query: URLSearchParams;
  readonly alerts: readonly ListedAlert[];
  readonly held: readonly HeldSweep[];
  readonly channels: readonly string[];
  readonly active: readonly ActiveFilter[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  readonly wrong: string | undefined;
}

export function renderAlerts(frame: Frame, model: AlertsModel): string {
  const { alerts, wrong, first, next, held } = model;
  return renderFramed({
    frame,
    title: 'Alerts',
    current: '/alerts',
    children: (
      <>
        <div class="head">
          <h1>Alerts</h1>
          <p class="note">What was sent to whom, what waits, and what failed.</p>
        </div>
        {held.map((sweep) => (
          <HeldNotice held={sweep} frame={frame} />
        ))}
        <Filters model={model} />
        {wrong === undefined ? null : (
          <p class="notice is-unknown" role="alert">
            <Shown text={wrong} most={1_000} />
          </p>
        )}
        <div class="panel">
          {alerts.length === 0 ? (
            <p class="empty">{emptyWords(model)}</p>
          ) : (
            <AlertTable alerts={alerts} frame={frame} />
          )}
          <Pager first={first} next={next} />
        </div>
      </>
    ),
  });
}

function emptyWords({ channels, active, first }: AlertsModel): string {
  if (first !== undefined) return 'The list ends here.';
  if (active.length > 0) return 'No alert matches.';
  return channels.length === 0
    ? 'No channel is set up: nobody is alerted.'
    : 'No alert has been planned yet.';
}

function HeldNotice({ held, frame }: { held: HeldSweep; frame: Frame }) {
  const { sweep, openedAt, held: changes, detail } = held;
  return (
    <div class="notice is-unknown">
      {renderCount(changes, 'change')} of <a href={pathOfSweep(sweep)}>the sweep</a> that opened{' '}
      <Ago at={openedAt} now={frame.at} /> are held until somebody releases them or the next sweep
      confirms them
      {detail === null ? null : (
        <>
          {' '}
          (<Shown text={detail} />)
        </>
      )}
      .{' '}
      <ActionButton
        frame={frame}
        action="/actions/release"
        fields={{ sweep }}
        words="Release them…"
      />
    </div>
  );
}

function Filters({ model: { query, active, channels } }: { model: AlertsModel }) {
  const value = (name: string) => query.get(name) ?? '';
  return (
    <FilterForm path="/alerts" what="alerts" active={active} fields={['channel', 'state']}>
      <ChoiceField
        name="state"
        label="State"
        any="any"
        value={value('state')}
        choices={alertStates}
      />
      <ChoiceField
        name="channel"
        label="Channel"
        any="any"
        value={value('channel')}
        choices={channels}
      />
    </FilterForm>
  );
}

function AlertTable({ alerts, frame }: { alerts: readonly ListedAlert[]; frame: Frame }) {
  return (
    <Wide name="Alerts, newest first">
      <table class="list">
        <caption class="aloud">Alerts, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Planned</th>
            <th scope="col">Channel</th>
            <th scope="col">What about</th>
            <th scope="col">State</th>
            <th scope="col" class="n">
              Attempts
            </th>
            <th scope="col">Detail</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <AlertRow alert={alert} frame={frame} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function AlertRow({ alert, frame }: { alert: ListedAlert; frame: Frame }) {
  const { plannedAt, channel, attempts, detail, id } = alert;
  return (
    <tr>
      <th scope="row">
        <Instant at={plannedAt} />
        <small>
          <code>
            <Shown text={id.slice(0, 8)} />
          </code>
        </small>
      </th>
      <td data-label="Channel">
        <Shown text={channel} />
      </td>
      <td>
        <About alert={alert} />
      </td>
      <td>
        <State alert={alert} now={frame.at} />
        {alert.state === 'failed' ? (
          <ActionButton
            frame={frame}
            action="/actions/retry"
            fields={{ alert: id }}
            words="Send again"
          />
        ) : null}
      </td>
      <td class="n" data-label="Attempts">
        {attempts}
      </td>
      <td class="long">{detail === null ? '–' : <Shown text={detail} />}</td>
    </tr>
  );
}

function About({ alert: { type, part, parts, findings, sweep } }: { alert: ListedAlert }) {
  return (
    <>
      <Shown text={type} />
      {parts > 1 ? `, part ${part} of ${parts}` : null}
      <small>
        {findings === 0 ? null : `${renderCount(findings, 'finding')}, `}
        {sweep === null ? 'of no sweep' : <a href={pathOfSweep(sweep)}>of this sweep</a>}
      </small>
    </>
  );
}

const tones = { pending: 'none', delivered: 'pass', failed: 'fail', superseded: 'none' } as const;

function State({
  alert: { state, sending, nextAt, endedAt },
  now,
}: {
  alert: ListedAlert;
  now: Date;
}) {
  return (
    <>
      <span class={`badge is-${tones[state]}`}>{sending ? 'being sent' : state}</span>
      <small>
        {nextAt === null || sending ? null : (
          <>
            next attempt <Ago at={nextAt} now={now} />
          </>
        )}
        {endedAt === null ? null : <Ago at={endedAt} now={now} />}
      </small>
    </>
  );
}
