import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { StatusBadge } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { pathOfSweep, withQuery } from '../paths.ts';
import type { ShownChannel, ShownSchedule, ShownSource } from './overview-model.ts';

/** When each schedule is due next, and how its last sweep ended. */
export function SchedulesPanel({
  schedules,
  now,
}: {
  schedules: readonly ShownSchedule[];
  now: Date;
}) {
  return (
    <section class="panel" aria-labelledby="schedules">
      <h2 id="schedules">Schedules</h2>
      {schedules.length === 0 ? (
        <p class="empty">There is no schedule: sweeps run on request only.</p>
      ) : (
        <ul class="rows">
          {schedules.map((schedule) => (
            <ScheduleRow schedule={schedule} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ScheduleRow({ schedule, now }: { schedule: ShownSchedule; now: Date }) {
  const { next, sweep, status, closedAt, simulated, waiting } = schedule;
  return (
    <li>
      <strong>
        <Shown text={schedule.schedule} />
      </strong>{' '}
      <code>
        <Shown text={schedule.cron} />
      </code>{' '}
      <span class="soft">
        <Shown text={schedule.timezone} />
      </span>
      <small>
        {next === undefined ? (
          'never due'
        ) : (
          <>
            next <Instant at={next} /> (<Ago at={next} now={now} />)
          </>
        )}
        {waiting === 0 ? null : `; ${renderCount(waiting, 'tick')} waiting for the sweep before`}
      </small>
      <small>
        {sweep === null || status === null || closedAt === null ? (
          'no sweep yet'
        ) : (
          <>
            <a href={pathOfSweep(sweep)}>last sweep</a> <StatusBadge status={status} />{' '}
            <Ago at={closedAt} now={now} />
            {simulated === true ? ' (simulated)' : null}
          </>
        )}
      </small>
    </li>
  );
}

/** Whether each source answers. */
export function SourcesPanel({ sources }: { sources: readonly ShownSource[] }) {
  return (
    <section class="panel half" aria-labelledby="sources">
      <h2 id="sources">Sources</h2>
      <ul class="rows">
        {sources.map(({ id, type, keys, unknown, pause }) => (
          <li>
            <a href={withQuery('/keys', { source: id })}>
              <Shown text={id} />
            </a>{' '}
            <span class="soft">{type}</span>{' '}
            <Health bad={unknown > 0 || pause !== undefined}>
              {pause === undefined ? wordOf(keys, unknown) : 'paused'}
            </Health>
            <small>
              {keys === 0
                ? 'no full sweep yet'
                : `${renderNumber(keys - unknown)} of ${renderNumber(keys)} audited in the last full sweep`}
              {unknown === 0 ? null : `, ${renderNumber(unknown)} unknown`}
            </small>
            {pause === undefined ? null : (
              <small>
                asked us to stay away until <Instant at={pause.until} />:{' '}
                <Shown text={pause.detail} />
              </small>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordOf(keys: number, unknown: number): string {
  if (keys === 0) return 'not asked yet';
  if (unknown === 0) return 'answers';
  return unknown === keys ? 'answers for no key' : 'answers in part';
}

/** How the alerts of each channel fare. */
export function ChannelsPanel({ channels, now }: { channels: readonly ShownChannel[]; now: Date }) {
  return (
    <section class="panel half" aria-labelledby="channels">
      <h2 id="channels">Channels</h2>
      {channels.length === 0 ? (
        <p class="empty">No channel is set up: nobody is alerted.</p>
      ) : (
        <ul class="rows">
          {channels.map((channel) => (
            <ChannelRow channel={channel} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ChannelRow({ channel: { id, type, health }, now }: { channel: ShownChannel; now: Date }) {
  const { pending = 0, failed = 0, oldestPending = null, lastDelivered = null } = health ?? {};
  return (
    <li>
      <a href={withQuery('/alerts', { channel: id })}>
        <Shown text={id} />
      </a>{' '}
      <span class="soft">{type}</span>{' '}
      <Health bad={failed > 0 || health?.detail != null}>{channelWord(health)}</Health>
      <small>
        {lastDelivered === null ? (
          'nothing sent lately'
        ) : (
          <>
            last delivered <Ago at={lastDelivered} now={now} />
          </>
        )}
        {failed === 0 ? null : `, ${failed} failed`}
        {pending === 0 || oldestPending === null ? null : (
          <>
            , {pending} waiting since <Ago at={oldestPending} now={now} />
          </>
        )}
      </small>
      {health?.detail == null ? null : (
        <small>
          <Shown text={health.detail} />
        </small>
      )}
    </li>
  );
}

function channelWord(health: ShownChannel['health']): string {
  if (health === undefined) return 'no alerts yet';
  if (health.failed > 0) return 'has failed';
  if (health.pending > 0) return health.detail === null ? 'waiting' : 'failing';
  return 'delivers';
}

function Health({ bad, children }: { bad: boolean; children: string }) {
  return <span class={`badge ${bad ? 'is-unknown' : 'is-none'}`}>{children}</span>;
}
