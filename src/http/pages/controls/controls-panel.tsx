import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import type { ControlSummary, Summary } from '../../../evidence/summary/summary.ts';
import { aboutAges } from '../../../evidence/summary/words/about-ages.ts';
import { notCurrent } from '../../../evidence/summary/words/not-current.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { pathOfSweep, withQuery } from '../paths.ts';

export const controlsPath = '/controls';
/** Stands in the URL for the rules that are for no control. */
export const noControl = '-';

interface ControlsPanelProps {
  readonly summary: Summary;
  readonly from: string;
  readonly to: string;
}

/** The controls, each with a link to its findings. */
export function ControlsPanel({ summary, from, to }: ControlsPanelProps) {
  const { controls, ticks } = summary;
  return (
    <section class="panel" aria-labelledby="controls">
      <h2 id="controls">By control</h2>
      {controls.length === 0 ? (
        <p class="empty">No sweep of this time judged by a policy that can be read.</p>
      ) : (
        <Table
          name="Controls, by name"
          class="list"
          columns={[
            ...['Control', 'Full sweeps', 'Least coverage'],
            ...['Opened', 'Closed', 'Open', 'Waived', 'Longest, days'].map((number) => ({
              number,
            })),
          ]}
        >
          {controls.map((control) => (
            <ControlRow control={control} ticks={ticks} from={from} to={to} />
          ))}
        </Table>
      )}
      <p class="note">{aboutAges}</p>
      {controls.some(({ rules }) => rules.includes(reviewRevoke)) ? (
        <p class="note">
          A finding that a review opened is counted while it is open, and where a sweep or an
          acknowledgement closed it; not where it opened.
        </p>
      ) : null}
    </section>
  );
}

interface ControlRowProps {
  readonly control: ControlSummary;
  readonly ticks: Summary['ticks'];
  readonly from: string;
  readonly to: string;
}

function ControlRow({ control, ticks: { due, held }, from, to }: ControlRowProps) {
  const { rules, checked, isCurrent, least, opened, closed, standing, longestDays } = control;
  const name = control.control ?? noControl;
  return (
    <tr>
      <th scope="row">
        <a href={`${withQuery(controlsPath, { from, to, control: name })}#findings`}>
          {control.control === null ? 'rules without a control' : <Shown text={name} most={200} />}
        </a>
        <small>
          <Shown text={rules.join(', ')} most={300} />
        </small>
      </th>
      <td data-label="Full sweeps">
        {renderNumber(checked)}
        <small class="nowrap">
          {renderNumber(held)} of {renderNumber(due)} due held
        </small>
        {isCurrent ? null : <small>{notCurrent}</small>}
      </td>
      <td data-label="Least coverage">
        {least === undefined ? (
          '–'
        ) : (
          <a href={pathOfSweep(least.sweep)}>
            {renderNumber(least.audited)} of {renderNumber(least.tracked)}
          </a>
        )}
      </td>
      <Count name="Opened" value={opened} />
      <Count name="Closed" value={closed} />
      <Count name="Open" value={standing?.open} />
      <Count name="Waived" value={standing?.waived} />
      <Count name="Longest, days" value={longestDays} />
    </tr>
  );
}

function Count({ name, value }: { name: string; value: number | undefined }) {
  return (
    <td class="n" data-label={name}>
      {value === undefined ? '–' : renderNumber(value)}
    </td>
  );
}
