import { Shown } from '../../../report/html/shown.tsx';
import { describePerson } from '../../../report/people/named-person.ts';
import type { Frame } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { Instant } from '../parts/times.tsx';
import { withQuery } from '../paths.ts';
import { renderTrigger } from '../sweeps/render-sweep.ts';
import type { ShownSweep } from './read-sweep.ts';

/** Who asked for the sweep and when, its policy, its alerts and its leaf of the evidence log. */
export function SweepFactsPanel({ facts, frame }: { facts: ShownSweep; frame: Frame }) {
  const { dueAt, closedAt, stoppedAt, policy, requests, held, leaf } = facts;
  return (
    <section class="panel half" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl class="facts">
        <dt>Asked for by</dt>
        <dd>
          <Shown text={renderTrigger(facts)} />
          {requests.map((request) => (
            <Request request={request} />
          ))}
        </dd>
        <When name="Due" at={dueAt} />
        <When name="Closed" at={closedAt} />
        <When name="Stopped by somebody" at={stoppedAt} />
        <dt>Policy</dt>
        <dd>
          version <Shown text={policy.version} />
          <small>
            <code>
              <Shown text={policy.hash} />
            </code>
          </small>
        </dd>
        <dt>Alerts</dt>
        <dd>
          <a href={withQuery('/alerts', { sweep: facts.id })}>of this sweep</a>
          {held === null ? null : `, ${heldWords[held]}`}
          {held === 'held' ? (
            <ActionButton
              frame={frame}
              action="/actions/release"
              fields={{ sweep: facts.id }}
              words="Release them…"
            />
          ) : null}
        </dd>
        {leaf === null ? null : (
          <>
            <dt>Evidence log</dt>
            <dd>leaf {leaf}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

const heldWords = {
  held: 'held until somebody releases them or the next sweep confirms them',
  released: 'released after they were held',
  confirmed: 'confirmed by the next sweep after they were held',
  withdrawn: 'withdrawn: the next sweep did not confirm them',
} as const;

function Request({ request }: { request: ShownSweep['requests'][number] }) {
  const { by, reason } = request;
  if (by === null && reason === null) return null;
  return (
    <small>
      {by === null ? null : <Shown text={describePerson({ ...request, by })} most={300} />}
      {by === null || reason === null ? null : ': '}
      {reason === null ? null : <Shown text={reason} most={300} />}
    </small>
  );
}

function When({ name, at }: { name: string; at: Date | null }) {
  if (at === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Instant at={at} />
      </dd>
    </>
  );
}
