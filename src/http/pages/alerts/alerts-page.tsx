import type { ChannelTest } from '../../../alert/try-channel.ts';
import { alertStates, type HeldSweep, type ListedAlert } from '../../../report/alerts-model.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import type { Frame } from '../layout/page.tsx';
import { renderListPage } from '../lists/list-page.tsx';
import type { List } from '../lists/read-list.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { HeldAlerts } from '../parts/held-alerts.tsx';
import { Table } from '../parts/table.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';
import { type ListedChannel, TestableChannels, TestNotice } from './testable-channels.tsx';

/** All that the page of alerts shows. */
export interface AlertsModel extends List<ListedAlert> {
  readonly held: readonly HeldSweep[];
  readonly channels: readonly ListedChannel[];
  /** What came of a test message that was just sent. */
  readonly tested: ChannelTest | undefined;
}

export function renderAlerts(frame: Frame, model: AlertsModel): string {
  const { items, held, channels, tested } = model;
  return renderListPage({
    ...{ frame, list: model, path: '/alerts', title: 'Alerts', what: 'alerts' },
    note: 'What was sent to whom, what waits, and what failed.',
    notices: (
      <>
        {tested === undefined ? null : <TestNotice tested={tested} />}
        {held.map((sweep) => (
          <HeldNotice held={sweep} frame={frame} />
        ))}
      </>
    ),
    fields: [
      { name: 'state', label: 'State', choices: alertStates },
      { name: 'channel', label: 'Channel', choices: channels.map(({ id }) => id) },
    ],
    none:
      channels.length === 0
        ? 'No channel is set up: nobody is alerted.'
        : 'No alert has been planned yet.',
    noMatch: 'No alert matches.',
    children: (
      <Table name="Alerts, newest first" class="list" columns={columns}>
        {items.map((alert) => (
          <AlertRow alert={alert} frame={frame} />
        ))}
      </Table>
    ),
    after: channels.length === 0 ? null : <TestableChannels channels={channels} frame={frame} />,
  });
}

const columns = ['Planned', 'Channel', 'What about', 'State', { number: 'Attempts' }, 'Detail'];

function HeldNotice({ held, frame }: { held: HeldSweep; frame: Frame }) {
  return (
    <div class="notice is-unknown">
      <HeldAlerts held={held} now={frame.at} />{' '}
      <ActionButton
        frame={frame}
        action="/actions/release"
        fields={{ sweep: held.sweep }}
        words="Release them…"
      />
    </div>
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
      <td class="long" data-label="Detail">
        {detail === null ? '–' : <Shown text={detail} />}
      </td>
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
