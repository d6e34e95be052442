import type { Waiver } from '../../../evaluate/waivers/waiver.ts';
import { wholeDays } from '../../../keys/days.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { lastDay } from '../../../report/last-day.ts';
import { renderCount } from '../../../text/render-count.ts';
import { Table } from '../parts/table.tsx';
import { pathOfFindings, pathOfKey, pathOfRule } from '../paths.ts';

/** A waiver of the policy, and how many findings it covers now. */
export interface CountedWaiver {
  readonly waiver: Waiver;
  readonly covers: number;
}

/** The waivers: why, for which keys, until when, and what they cover now. */
export function WaiverTable({ waivers, now }: { waivers: readonly CountedWaiver[]; now: Date }) {
  return (
    <Table
      name="Waivers, the next to end first"
      class="list"
      columns={['Waiver', 'Rule', 'Why', 'For', 'Last day', { number: 'Covers' }]}
    >
      {waivers.map((counted) => (
        <WaiverRow counted={counted} now={now} />
      ))}
    </Table>
  );
}

function WaiverRow({ counted: { waiver, covers }, now }: { counted: CountedWaiver; now: Date }) {
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
          <Shown text={approvedBy.join(', ')} most={600} />
        </small>
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

/** A waiver may name thousands. */
const mostKeys = 5;

function WaivedKeys({ waiver: { keys, match } }: { waiver: Waiver }) {
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
