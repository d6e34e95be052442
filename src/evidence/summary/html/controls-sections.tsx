import type { ControlSummary, PolicySummary, Summary } from '../summary.ts';
import { aboutAges } from '../words/about-ages.ts';
import { notCurrent } from '../words/not-current.ts';
import { anchorOf } from './findings-sections.tsx';
import { renderSection } from './render-section.tsx';
import { LeafLink, ObjectLink, Text } from './shown-parts.tsx';

interface Props {
  readonly summary: Summary;
}

/** What the period has of each control. */
export function Controls({ summary: { controls, ticks, info } }: Props) {
  return renderSection<ControlSummary>({
    ...{ id: 'controls', title: 'Controls' },
    none: 'No policy of the period could be read, or there was no sweep.',
    columns: [
      { title: 'Control', class: 'w2' },
      { title: 'Rules', class: 'w2' },
      { title: 'Full sweeps', class: 'w1' },
      { title: 'Coverage', class: 'w1' },
      { title: 'Opened', class: 'n' },
      { title: 'Closed', class: 'n' },
      { title: 'Open', class: 'n' },
      { title: 'Waived', class: 'n' },
      { title: 'Longest', class: 'n' },
    ],
    rows: controls,
    below: controls.length === 0 ? null : <p class="note">{aboutAges}</p>,
    row: (one) => (
      <tr>
        <th scope="row">
          <a href={`#${anchorOf(controls.indexOf(one))}`}>
            {one.control === null ? 'rules without a control' : <Text text={one.control} />}
          </a>
        </th>
        <td>
          <Text text={one.rules.join(', ')} />
        </td>
        <td>
          {one.checked}
          <small>
            {ticks.held} of {ticks.due} due held
          </small>
          {one.isCurrent ? null : <small>{notCurrent}</small>}
        </td>
        <td>
          {one.least === undefined ? (
            '–'
          ) : (
            <>
              {one.least.audited} of {one.least.tracked}
              <small>
                least, <LeafLink n={one.least.leaf} size={info.size} />
              </small>
            </>
          )}
        </td>
        <td class="n">{one.opened}</td>
        <td class="n">{one.closed}</td>
        <td class="n">{one.standing?.open ?? '–'}</td>
        <td class="n">{one.standing?.waived ?? '–'}</td>
        <td class="n">{one.longestDays === undefined ? '–' : `${one.longestDays} d`}</td>
      </tr>
    ),
  });
}

/** The policies that the sweeps judged by. */
export function Policies({ summary: { policies, info } }: Props) {
  return renderSection<PolicySummary>({
    ...{ id: 'policies', title: 'Policies' },
    none: 'There was no sweep.',
    columns: [
      { title: 'Policy', class: 'w3' },
      { title: 'Sweeps that judged by it', class: 'n' },
      { title: 'First used' },
    ],
    rows: policies,
    row: ({ hash, sweeps, firstLeaf, isRead }) => (
      <tr>
        <th scope="row">
          <ObjectLink hash={hash} />
          {isRead ? null : <small>its rules could not be read</small>}
        </th>
        <td class="n">{sweeps}</td>
        <td>
          <LeafLink n={firstLeaf} size={info.size} />
        </td>
      </tr>
    ),
  });
}
