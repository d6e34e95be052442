import { renderInstant } from '../../../report/render-instant.ts';
import { describeUnheld, whyUncovered } from '../../ticks/describe-unheld.ts';
import type { Summary, SweepSummary } from '../summary.ts';
import { describeRemoved } from '../words/describe-removed.ts';
import { renderSection } from './render-section.tsx';
import { LeafLink, LeafLinks, Text } from './shown-parts.tsx';

interface Props {
  readonly summary: Summary;
}

interface UnheldRow {
  readonly what: string;
  readonly count: number | undefined;
  readonly from: Date;
  readonly to: Date;
  readonly why: string;
  readonly leaves: readonly number[];
}

/** What was due and not held, and what the log does not cover. */
export function Unheld({ summary: { unheld, uncovered, info } }: Props) {
  const rows: UnheldRow[] = [
    ...unheld.map((group) => ({
      ...{ what: `schedule ${group.schedule}`, count: group.count, leaves: group.leaves },
      ...{ from: new Date(group.first), to: new Date(group.last), why: describeUnheld(group) },
    })),
    ...uncovered.map(({ from, to, because }) => ({
      ...{ what: 'not covered', count: undefined, leaves: [], from, to },
      why: whyUncovered[because],
    })),
  ];
  return renderSection({
    ...{ id: 'not-held', title: 'Sweeps that were due and not held' },
    none: 'Every sweep that was due was held.',
    columns: [
      { title: 'What', class: 'w2' },
      { title: 'Sweeps', class: 'n w1' },
      { title: 'When' },
      { title: 'Why' },
      { title: 'Proof', class: 'w1' },
    ],
    rows,
    row: ({ what, count, from, to, why, leaves }) => (
      <tr>
        <th scope="row">
          <Text text={what} />
        </th>
        <td class="n">{count ?? '–'}</td>
        <td>
          {renderInstant(from)}
          {from.getTime() === to.getTime() ? null : ` to ${renderInstant(to)}`}
        </td>
        <td>{why}</td>
        <td>
          <LeafLinks leaves={leaves} size={info.size} />
        </td>
      </tr>
    ),
  });
}

/** The sweeps that could not judge all of their keys. */
export function Incomplete({ summary: { sweeps, info } }: Props) {
  return renderSection<SweepSummary>({
    ...{ id: 'incomplete', title: 'Sweeps that could not judge every key' },
    none:
      sweeps.full + sweeps.partial === 0
        ? 'There was no sweep.'
        : 'Every sweep of the period judged each of its keys by every rule.',
    columns: [
      { title: 'Sweep', class: 'w3' },
      { title: 'When' },
      { title: 'Judged' },
      { title: 'In part', class: 'n' },
      { title: 'Proof', class: 'w1' },
    ],
    rows: sweeps.incomplete,
    row: ({ sweep, scope, at, audited, tracked, partial, leaf }) => (
      <tr>
        <th scope="row">
          <code>{sweep}</code>
        </th>
        <td>
          {renderInstant(at)}
          {scope === 'full' ? null : <small>of some keys only</small>}
        </td>
        <td>
          {audited} of {tracked}
        </td>
        <td class="n">{partial}</td>
        <td>
          <LeafLink n={leaf} size={info.size} />
        </td>
      </tr>
    ),
  });
}

/** The sweeps of which the evidence does not have any more what they changed. */
export function Removed({ summary: { sweeps, info } }: Props) {
  const { removed } = sweeps;
  if (removed.length === 0) return null;
  return (
    <section aria-labelledby="removed">
      <h2 id="removed">Sweeps whose findings are not known</h2>
      <p>
        {describeRemoved(removed)} <LeafLinks leaves={removed} size={info.size} />
      </p>
    </section>
  );
}
