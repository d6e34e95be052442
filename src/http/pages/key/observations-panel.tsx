import { unknownDetail } from '../../../evaluate/unknown-detail.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { VerdictBadge } from '../parts/badges.tsx';
import { Pager } from '../parts/pager.tsx';
import { Table } from '../parts/table.tsx';
import { Day, Instant } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';
import type { ChangedNight, KeyModel } from './key-model.ts';

const columns = ['Sweep', 'Verdict', 'Last used', 'Broken rules, or why it is unknown'];

/** Every observation, with the sweep that made it. */
export function ObservationsPanel({ model: { nights, older, newest } }: { model: KeyModel }) {
  return (
    <section class="panel" aria-labelledby="observations">
      <h2 id="observations">Observations</h2>
      {nights.length === 0 ? (
        <p class="empty">There are none.</p>
      ) : (
        <Table name="Observations, newest first" class="list" columns={columns}>
          {nights.map((night) => (
            <ObservationRow night={night} />
          ))}
        </Table>
      )}
      <Pager first={newest} next={older} />
    </section>
  );
}

function ObservationRow({ night }: { night: ChangedNight }) {
  const { sweep, at, simulated, scope, verdict } = night;
  return (
    <tr>
      <th scope="row" class="nowrap">
        <a href={pathOfSweep(sweep)}>
          <Day at={at} simulated={simulated} />
        </a>
        {scope === 'partial' ? <small>re-audit</small> : null}
      </th>
      <td>
        <VerdictBadge verdict={verdict} />
      </td>
      <td data-label="Last used">
        <LastUsed said={night.said} />
      </td>
      <td class="long">
        <Shown text={reasonsOf(night)} most={400} />
      </td>
    </tr>
  );
}

function LastUsed({ said }: Pick<ChangedNight, 'said'>) {
  if (said === undefined) return <>no answer</>;
  if (said === 'missing') return <>no such key</>;
  if (said.lastUsed === undefined) return <>not known</>;
  return said.lastUsed === null ? <>never</> : <Instant at={said.lastUsed} />;
}

function reasonsOf({ violations, unjudged }: ChangedNight): string {
  const broken = violations.map(({ rule, waiver }) =>
    waiver === null ? rule : `${rule} (waived by ${waiver})`,
  );
  const unknown = unjudged.map((one) => {
    const about = one.rule === null ? '' : `${one.rule}: `;
    return `${about}${one.reason}, ${unknownDetail(one)}`;
  });
  return [...broken, ...unknown].join('; ') || '–';
}
