import { describeWaiting } from '../../../evaluate/waivers/approvals.ts';
import type { Waiver } from '../../../evaluate/waivers/waiver.ts';
import { wholeDays } from '../../../keys/days.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { lastDay } from '../../../report/last-day.ts';
import { describeApprovals } from '../../../report/waivers/describe-approvals.ts';
import type { ListedWaiver } from '../../../report/waivers/listed-waiver.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { Frame } from '../layout/page.tsx';
import { mayChange } from '../parts/action-button.tsx';
import { Table } from '../parts/table.tsx';
import { pathOfFindings, pathOfKey, pathOfRule, withQuery } from '../paths.ts';

/** A waiver of the policy, and how many findings it covers now. */
export interface CountedWaiver {
  readonly waiver: Waiver;
  readonly covers: number;
  /** Who approved it, and whom it waits for. */
  readonly approval?: ListedWaiver | undefined;
}

interface WaiverTableProps {
  readonly frame: Frame;
  readonly waivers: readonly CountedWaiver[];
  readonly now: Date;
}

/** The waivers: why, for which keys, until when, and what they cover now. */
export function WaiverTable({ frame, waivers, now }: WaiverTableProps) {
  return (
    <Table
      name="Waivers, the next to end first"
      class="list"
      columns={['Waiver', 'Rule', 'Why', 'For', 'Last day', { number: 'Covers' }]}
    >
      {waivers.map((counted) => (
        <WaiverRow frame={frame} counted={counted} now={now} />
      ))}
    </Table>
  );
}

interface WaiverRowProps {
  readonly frame: Frame;
  readonly counted: CountedWaiver;
  readonly now: Date;
}

function WaiverRow({ frame, counted, now }: WaiverRowProps) {
  const { waiver, covers, approval } = counted;
  const { id, rule, reason, requestedBy, approvedBy } = waiver;
  return (
    <tr>
      <th scope="row">
        <Shown text={id} />
      </th>
      <td data-label="Rule">
        <a href={pathOfRule(rule)}>
          <Shown text={rule} />
        </a>
      </td>
      <td class="long">
        <Shown text={reason} most={600} />
        <small>
          asked for by <Shown text={requestedBy} />, approved by{' '}
          <Shown
            text={approval === undefined ? approvedBy.join(', ') : describeApprovals(approval)}
            most={600}
          />
        </small>
        {approval === undefined ? null : <Waiting frame={frame} approval={approval} />}
      </td>
      <td class="long" data-label="For">
        <WaivedKeys waiver={waiver} />
      </td>
      <td data-label="Last day">
        <span class="nowrap">{lastDay(waiver)}</span>
        <small>
          <DaysLeft waiver={waiver} now={now} />
        </small>
      </td>
      <td class="n" data-label="Covers">
        {covers === 0 ? (
          <span class="soft">nothing</span>
        ) : (
          <a href={pathOfFindings(rule, 'waived')}>{renderCount(covers, 'finding')}</a>
        )}
      </td>
    </tr>
  );
}

/** Whom a waiver waits for; operators may try to approve it. */
function Waiting({ frame, approval }: { frame: Frame; approval: ListedWaiver }) {
  const { id, hash, waitsFor } = approval;
  if (waitsFor.length === 0) return null;
  return (
    <>
      <small>
        <span class="badge is-unknown">waits</span>{' '}
        <Shown text={describeWaiting(id, waitsFor)} most={600} />
      </small>
      {mayChange(frame) ? (
        <a href={withQuery('/actions/approve-waiver', { waiver: id, hash })}>Approve</a>
      ) : null}
    </>
  );
}

/** A waiver may name thousands. */
const mostKeys = 5;

/** The keys that a waiver covers, the first of them. */
export function WaivedKeys({ waiver: { keys, match } }: { waiver: Waiver }) {
  if (keys === undefined) return <Shown text={renderMatch(match)} most={400} />;
  return (
    <>
      {keys.slice(0, mostKeys).map((key, at) => (
        <>
          {at === 0 ? null : ', '}
          <a href={pathOfKey(key)}>
            <Shown text={key.keyId} most={80} />
          </a>
        </>
      ))}
      {keys.length > mostKeys ? ` and ${keys.length - mostKeys} more` : null}
    </>
  );
}

function renderMatch(match: Waiver['match']): string {
  const parts = Object.entries(match ?? {}).flatMap(([name, value]) =>
    Array.isArray(value) ? `${name} ${value.join(' or ')}` : [],
  );
  return `keys with ${parts.join(', ')}`;
}

/** Within this many days somebody should decide what follows. */
const soonDays = 14;

function DaysLeft({ waiver: { expires }, now }: { waiver: Waiver; now: Date }) {
  const ms = expires.getTime() - now.getTime();
  if (ms <= 0) return <span class="badge is-fail">over</span>;
  const days = wholeDays(ms);
  const words = days === 0 ? 'ends today' : `${renderCount(days, 'day')} left`;
  return days < soonDays ? <span class="badge is-unknown">{words}</span> : words;
}
