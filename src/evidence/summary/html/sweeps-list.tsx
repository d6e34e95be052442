import { renderInstant } from '../../../report/render-instant.ts';
import type { Summary, SweepSummary } from '../summary.ts';
import { renderSection } from './render-section.tsx';
import { LeafLink, MoreInCsv, Text } from './shown-parts.tsx';

/** The page lists as many; the table of all of them is in the CSV. */
const mostListed = 100;

interface Props {
  readonly summary: Summary;
}

/** The sweeps of the period, the newest first: the proof of each one that was held. */
export function Sweeps({ summary: { sweeps, info } }: Props) {
  const more = sweeps.listed.length - mostListed;
  return renderSection<SweepSummary>({
    ...{ id: 'sweeps', title: 'Sweeps, the newest first' },
    none: 'There was no sweep.',
    columns: [
      { title: 'When', class: 'w2' },
      { title: 'Because of', class: 'w2' },
      { title: 'Judged' },
      { title: 'Pass', class: 'n' },
      { title: 'Fail', class: 'n' },
      { title: 'Waived', class: 'n' },
      { title: 'Unknown', class: 'n' },
      { title: 'Proof', class: 'w1' },
    ],
    rows: sweeps.listed.slice(-mostListed).reverse(),
    row: (sweep) => <SweepRow sweep={sweep} size={info.size} />,
    below: <MoreInCsv more={more} />,
  });
}

function SweepRow({ sweep, size }: { sweep: SweepSummary; size: number }) {
  const { at, schedule, scope, audited, tracked, verdicts, leaf } = sweep;
  return (
    <tr>
      <th scope="row">{renderInstant(at)}</th>
      <td>
        {schedule === null ? 'a request' : <Text text={`schedule ${schedule}`} />}
        {scope === 'full' ? null : <small>some keys only</small>}
      </td>
      <td>
        {audited} of {tracked}
      </td>
      <td class="n">{verdicts.pass}</td>
      <td class="n">{verdicts.fail}</td>
      <td class="n">{verdicts.waived}</td>
      <td class="n">{verdicts.unknown}</td>
      <td>
        <LeafLink n={leaf} size={size} />
      </td>
    </tr>
  );
}
