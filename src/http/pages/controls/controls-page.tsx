import type { ControlSummary, Summary } from '../../../evidence/summary/summary.ts';
import { describeUnheld, whyUncovered } from '../../../evidence/ticks/describe-unheld.ts';
import { permits } from '../../../options/roles.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { FilterForm } from '../lists/filter-form.tsx';
import { listActive } from '../lists/filter-state.ts';
import { Figure, renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Instant } from '../parts/times.tsx';
import { pathOfSweep, withQuery } from '../paths.ts';
import { ControlFindings } from './control-findings.tsx';
import { ReviewsPanel, WaiversPanel } from './people-panels.tsx';

export interface ControlsModel {
  readonly query: URLSearchParams;
  /** As somebody asked for it: a day, or an instant. */
  readonly from: string;
  readonly to: string;
  /** The control whose findings are listed; `-` for rules without one. */
  readonly control: string | undefined;
  /** Undefined where something is wrong, or the log is empty. */
  readonly summary: Summary | undefined;
  readonly wrong: string | undefined;
}

const path = '/controls';
/** Stands in the URL for the rules that are for no control. */
const noControl = '-';

export function renderControls(frame: Frame, model: ControlsModel): string {
  const { from, to, query, summary, wrong } = model;
  const shown = new URLSearchParams(query);
  for (const [name, value] of Object.entries({ from, to })) shown.set(name, value);
  return renderFramed({
    ...{ frame, title: 'Controls', current: path },
    children: (
      <>
        <div class="head">
          <h1>Controls</h1>
          <p class="note">
            What the evidence log says of each control that the rules of the policy name. Its pack
            has the same, and verifies offline.
          </p>
        </div>
        <FilterForm
          {...{ path, what: 'controls', query: shown, active: listActive(path, query) }}
          fields={[
            { name: 'from', label: 'From (day, UTC)' },
            { name: 'to', label: 'To (day, UTC)' },
          ]}
        />
        {wrong === undefined ? null : (
          <p class="notice is-unknown" role="alert">
            <Shown text={wrong} most={1_000} />
          </p>
        )}
        {summary === undefined && wrong === undefined ? (
          <p class="empty">The evidence log is empty until the first sweep.</p>
        ) : null}
        {summary === undefined ? null : <Panels frame={frame} model={model} summary={summary} />}
      </>
    ),
  });
}

interface PanelsProps {
  readonly frame: Frame;
  readonly model: ControlsModel;
  readonly summary: Summary;
}

function Panels({ frame, model, summary }: PanelsProps) {
  const { from, to, control } = model;
  const chosen = summary.controls.find((one) => (one.control ?? noControl) === control);
  return (
    <div class="panels">
      <DueFigures summary={summary} />
      <DownloadPanel frame={frame} from={from} to={to} />
      <ControlsPanel summary={summary} from={from} to={to} />
      {chosen === undefined ? null : <ControlFindings control={chosen} summary={summary} />}
      <UnheldPanel summary={summary} />
      <IncompletePanel summary={summary} />
      <WaiversPanel waivers={summary.waivers} />
      <ReviewsPanel reviews={summary.reviews} />
    </div>
  );
}

function DueFigures({ summary: { ticks } }: { summary: Summary }) {
  const { due, held, missed, skipped, unexplained, pending } = ticks;
  const anchor = '#not-held';
  return (
    <section class="panel" aria-labelledby="due">
      <h2 id="due">{due === 0 ? 'No sweep was due' : `${renderCount(due, 'sweep')} due`}</h2>
      <ul class="figures">
        <Figure tone="pass" value={held} name="held" words="of every key" href="/sweeps" />
        <Figure
          {...{ tone: 'waived', value: missed + skipped, name: 'missed or skipped' }}
          {...{ words: 'and the log says so', href: anchor }}
        />
        <Figure
          {...{ tone: 'fail', value: unexplained, name: 'unexplained' }}
          {...{ words: 'the log says nothing', href: anchor }}
        />
        <Figure
          {...{ tone: 'unknown', value: pending, name: 'pending' }}
          {...{ words: 'when the log ends', href: anchor }}
        />
      </ul>
    </section>
  );
}

interface DownloadProps {
  readonly frame: Frame;
  readonly from: string;
  readonly to: string;
}

/** Auditors and operators may have the pack. */
function DownloadPanel({ frame: { caller }, from, to }: DownloadProps) {
  if (caller === undefined || !permits(caller.role, 'evidence')) return null;
  return (
    <section class="panel unprinted" aria-labelledby="pack">
      <h2 id="pack">The pack of this time</h2>
      <p>
        <a href={withQuery('/api/v1/evidence/pack', { from, to })}>Download the pack (.tar.gz)</a>:
        the log, the objects of these sweeps, this summary as a page for print and as CSV, and how
        to verify all of it.
      </p>
    </section>
  );
}

interface ControlsPanelProps {
  readonly summary: Summary;
  readonly from: string;
  readonly to: string;
}

function ControlsPanel({ summary, from, to }: ControlsPanelProps) {
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
            ...['Control', 'Checked by', 'Least coverage'],
            ...['Opened', 'Closed', 'Open', 'Waived', 'Longest, days'].map((number) => ({
              number,
            })),
          ]}
        >
          {controls.map((control) => (
            <ControlRow control={control} due={ticks.due} from={from} to={to} />
          ))}
        </Table>
      )}
    </section>
  );
}

interface ControlRowProps {
  readonly control: ControlSummary;
  readonly due: number;
  readonly from: string;
  readonly to: string;
}

function ControlRow({ control, due, from, to }: ControlRowProps) {
  const { rules, checked, least, opened, closed, standing, longestDays } = control;
  const name = control.control ?? noControl;
  return (
    <tr>
      <th scope="row">
        <a href={`${withQuery(path, { from, to, control: name })}#findings`}>
          {control.control === null ? 'rules without a control' : <Shown text={name} most={200} />}
        </a>
        <small>
          <Shown text={rules.join(', ')} most={300} />
        </small>
      </th>
      <td data-label="Checked by">
        {renderCount(checked, 'sweep')}
        <small>{renderNumber(due)} due</small>
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

function UnheldPanel({ summary: { unheld, uncovered } }: { summary: Summary }) {
  return (
    <section class="panel" aria-labelledby="not-held">
      <h2 id="not-held">Due and not held</h2>
      {unheld.length + uncovered.length === 0 ? (
        <p class="empty">Every sweep that was due was held.</p>
      ) : (
        <Table name="What was not held" class="list" columns={['What', 'When', 'Why', 'Proof']}>
          {unheld.map((group) => (
            <tr>
              <th scope="row">
                <Shown text={`schedule ${group.schedule}`} most={100} />
                <small>{renderCount(group.count, 'sweep')}</small>
              </th>
              <td data-label="When">
                <Instant at={new Date(group.first)} />
                {group.first === group.last ? null : (
                  <>
                    {' '}
                    to <Instant at={new Date(group.last)} />
                  </>
                )}
              </td>
              <td data-label="Why">{describeUnheld(group)}</td>
              <td data-label="Proof">{describeLeaves(group.leaves)}</td>
            </tr>
          ))}
          {uncovered.map(({ from, to, because }) => (
            <tr>
              <th scope="row">not covered</th>
              <td data-label="When">
                <Instant at={from} /> to <Instant at={to} />
              </td>
              <td data-label="Why">{whyUncovered[because]}</td>
              <td data-label="Proof">–</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function describeLeaves(leaves: readonly number[]): string {
  if (leaves.length === 0) return '–';
  const more = leaves.length > 5 ? ` and ${leaves.length - 5} more` : '';
  return `leaf ${leaves.slice(0, 5).join(', ')}${more}`;
}

const mostSweeps = 100;

function IncompletePanel({ summary: { sweeps } }: { summary: Summary }) {
  const { incomplete } = sweeps;
  if (incomplete.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="incomplete">
      <h2 id="incomplete">Sweeps that could not judge every key</h2>
      <Table name="Incomplete sweeps" class="list" columns={['Sweep', 'When', 'Judged', 'Proof']}>
        {incomplete.slice(-mostSweeps).map(({ sweep, at, audited, tracked, leaf }) => (
          <tr>
            <th scope="row">
              <a href={pathOfSweep(sweep)}>
                <code>{sweep.slice(0, 8)}</code>
              </a>
            </th>
            <td data-label="When">
              <Instant at={at} />
            </td>
            <td data-label="Judged">
              {renderNumber(audited)} of {renderNumber(tracked)}
            </td>
            <td data-label="Proof">leaf {leaf}</td>
          </tr>
        ))}
      </Table>
      {incomplete.length > mostSweeps ? (
        <p class="note">
          The newest {mostSweeps} of {renderNumber(incomplete.length)}; the pack has all.
        </p>
      ) : null}
    </section>
  );
}
