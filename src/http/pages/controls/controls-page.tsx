import type { Summary } from '../../../evidence/summary/summary.ts';
import { describeNoneDue } from '../../../evidence/summary/words/describe-none-due.ts';
import { permits } from '../../../options/roles.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { FilterForm } from '../lists/filter-form.tsx';
import { listActive } from '../lists/filter-state.ts';
import { Figure } from '../parts/figures.tsx';
import { withQuery } from '../paths.ts';
import { ControlFindings } from './control-findings.tsx';
import { ControlsPanel, controlsPath, noControl } from './controls-panel.tsx';
import { ReviewsPanel, WaiversPanel } from './people-panels.tsx';
import { IncompletePanel, RemovedNotice, UnheldPanel, UnreadNotice } from './sweeps-panels.tsx';

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

export function renderControls(frame: Frame, model: ControlsModel): string {
  const { from, to, query, summary, wrong } = model;
  const shown = new URLSearchParams(query);
  for (const [name, value] of Object.entries({ from, to })) shown.set(name, value);
  return renderFramed({
    ...{ frame, title: 'Controls', current: controlsPath },
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
          {...{ path: controlsPath, what: 'controls', query: shown }}
          active={listActive(controlsPath, query)}
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
      <RemovedNotice summary={summary} />
      <UnreadNotice summary={summary} />
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

function DueFigures({ summary }: { summary: Summary }) {
  const { due, held, late, missed, skipped, unexplained, pending } = summary.ticks;
  const anchor = '#not-held';
  return (
    <section class="panel" aria-labelledby="due">
      <h2 id="due">{due === 0 ? describeNoneDue(summary) : `${renderCount(due, 'sweep')} due`}</h2>
      <ul class="figures">
        <Figure tone="pass" value={held} name="held" words="of every key" href="/sweeps" />
        {late === 0 ? null : (
          <Figure
            {...{ tone: 'fail', value: late, name: 'late' }}
            {...{ words: 'closed after the deadline', href: anchor }}
          />
        )}
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
