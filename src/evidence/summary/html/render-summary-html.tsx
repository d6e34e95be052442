import type { Child } from 'hono/jsx';
import { closePage, openPage } from '../../report/html/page.tsx';
import { renderDay, renderInstant } from '../../report/render-instant.ts';
import { renderCount } from '../../text/render-count.ts';
import { describeUnheld, whyUncovered } from '../ticks/describe-unheld.ts';
import { FindingsOfControls } from './findings-of-controls.tsx';
import { renderSection } from './render-section.tsx';
import { LeafLink, LeafLinks, ObjectLink, Text } from './shown-parts.tsx';
import type {
  ControlSummary,
  PolicySummary,
  ReviewStep,
  ReviewSummary,
  Summary,
  SweepSummary,
  WaiverSummary,
} from './summary.ts';

/**
 * Renders a summary as one page without scripts or external resources. Its links lead to the files of
 * the pack that it lies in.
 */
export function renderSummaryHtml(summary: Summary): string {
  const { from, to } = summary;
  const body = (
    <>
      <Head summary={summary} />
      <main>
        <Controls summary={summary} />
        <Unheld summary={summary} />
        <Incomplete summary={summary} />
        <Waivers summary={summary} />
        <Reviews summary={summary} />
        <Policies summary={summary} />
        <FindingsOfControls summary={summary} />
      </main>
      <Limits />
    </>
  );
  const title = `Evidence of key audits, ${renderDay(from)} to ${renderDay(to)}`;
  return `${openPage(title)}${body}\n${closePage}`;
}

interface Props {
  readonly summary: Summary;
}

function Head({ summary }: Props) {
  const { ticks, simulated } = summary;
  const told = ticks.missed + ticks.skipped;
  return (
    <header>
      <p class="kicker">Evidence of the audits of API keys</p>
      <h1>
        {ticks.due === 0
          ? 'No sweep was due'
          : `${ticks.held} of ${renderCount(ticks.due, 'due sweep')} ${ticks.held === 1 ? 'was' : 'were'} held`}
      </h1>
      <p class="note">
        {renderDay(summary.from)} to {renderDay(summary.to)}, in UTC. A sweep asks the vendor of
        every tracked key and judges it by the policy.
      </p>
      {simulated.map(({ sweeps, leaf }) => (
        <p class="simulated" role="note">
          {sweeps} sweeps were invented, as a demonstration (leaf {leaf}). They are no evidence.
        </p>
      ))}
      <ul class="verdicts" aria-label="Sweeps that were due">
        <Tile tone="pass" count={ticks.held} title="held" words="with a sweep of every key" />
        <Tile tone="waived" count={told} title="missed or skipped" words="and the log says so" />
        <Tile tone="fail" count={ticks.unexplained} title="unexplained" words="without a word" />
        <Tile tone="unknown" count={ticks.pending} title="pending" words="when the log ends" />
      </ul>
      <Facts summary={summary} />
      <p class="note">
        This page was made from the evidence alone. Whoever verifies the pack makes it again and
        compares each byte: <a href="VERIFY.md">VERIFY.md</a> says how. The same in rows, with all
        findings: <a href="summary.csv">summary.csv</a>.
      </p>
    </header>
  );
}

interface TileProps {
  readonly tone: string;
  readonly count: number;
  readonly title: string;
  readonly words: string;
}

function Tile({ tone, count, title, words }: TileProps) {
  return (
    <li class={`is-${tone}`}>
      <b>{count}</b>
      <span>
        <strong>{title}</strong>: {words}
      </span>
    </li>
  );
}

function Facts({ summary }: Props) {
  const { info, from, to, sweeps } = summary;
  const { least, last } = sweeps;
  return (
    <dl class="facts">
      <dt>Period</dt>
      <dd>
        <code>{from.toISOString()}</code> to <code>{to.toISOString()}</code> (not included)
      </dd>
      <dt>Log</dt>
      <dd>
        <Text text={info.origin} />, {renderCount(info.size, 'leaf', 'leaves')}, installation{' '}
        <code>{info.installation}</code>
      </dd>
      <dt>Sweeps</dt>
      <dd>
        {sweeps.full} of every key, {sweeps.partial} of some keys; {sweeps.incomplete.length}{' '}
        incomplete
      </dd>
      <dt>Least coverage</dt>
      <dd>
        {least === undefined ? (
          'no full sweep'
        ) : (
          <>
            {least.audited} of {renderCount(least.tracked, 'key')} (
            <LeafLink n={least.leaf} size={info.size} />)
          </>
        )}
      </dd>
      <dt>Newest full sweep</dt>
      <dd>{last === undefined ? 'none' : <Verdicts sweep={last} size={info.size} />}</dd>
      <dt>Days are counted</dt>
      <dd>until {renderInstant(summary.asOf)}</dd>
      <dt>Made by</dt>
      <dd>
        keysweep <Text text={info.keysweep} />, with time zones <Text text={info.timezones} />
      </dd>
    </dl>
  );
}

function Verdicts({ sweep, size }: { sweep: SweepSummary; size: number }) {
  const { pass, fail, waived, unknown } = sweep.verdicts;
  return (
    <>
      {renderInstant(sweep.at)}: {pass} pass, {fail} fail, {waived} waived, {unknown} unknown (
      <LeafLink n={sweep.leaf} size={size} />)
    </>
  );
}

function Controls({ summary: { controls, ticks, info } }: Props) {
  return renderSection<ControlSummary>({
    ...{ id: 'controls', title: 'Controls' },
    none: 'No policy of the period could be read, or there was no sweep.',
    columns: [
      { title: 'Control', class: 'w2' },
      { title: 'Rules', class: 'w2' },
      { title: 'Checked', class: 'w1' },
      { title: 'Coverage', class: 'w1' },
      { title: 'Opened', class: 'n' },
      { title: 'Closed', class: 'n' },
      { title: 'Open', class: 'n' },
      { title: 'Waived', class: 'n' },
      { title: 'Longest', class: 'n' },
    ],
    rows: controls,
    row: (one) => (
      <tr>
        <th scope="row">
          {one.control === null ? 'rules without a control' : <Text text={one.control} />}
        </th>
        <td>
          <Text text={one.rules.join(', ')} />
        </td>
        <td>
          {renderCount(one.checked, 'sweep')}
          <small>of {ticks.due} due</small>
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

interface UnheldRow {
  readonly what: string;
  readonly count: number | undefined;
  readonly from: Date;
  readonly to: Date;
  readonly why: string;
  readonly leaves: readonly number[];
}

function Unheld({ summary: { unheld, uncovered, info } }: Props) {
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

function Incomplete({ summary: { sweeps, info } }: Props) {
  return renderSection<SweepSummary>({
    ...{ id: 'incomplete', title: 'Sweeps that could not judge every key' },
    none: 'Every sweep of the period judged each of its keys by every rule.',
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

function Waivers({ summary: { waivers, info } }: Props) {
  return renderSection<WaiverSummary>({
    ...{ id: 'waivers', title: 'Waivers' },
    none: 'No waiver was in force.',
    columns: [
      { title: 'Waiver', class: 'w2' },
      { title: 'Covers' },
      { title: 'Approved by' },
      { title: 'Reason', class: 'w3' },
      { title: 'In force' },
    ],
    rows: waivers,
    row: (one) => (
      <tr>
        <th scope="row">
          <Text text={one.waiver} />
          <small>
            <LeafLink n={one.leaf} size={info.size} />
          </small>
        </th>
        <td>
          <Text text={one.rule} />, {one.keys === null ? 'keys that match' : `${one.keys} keys`}
          <small>
            <Text text={one.controls.join(', ')} />
          </small>
        </td>
        <td>
          <Approvers waiver={one} size={info.size} />
        </td>
        <td>
          <Text text={one.reason} />
        </td>
        <td>
          {renderDay(one.from)} to {renderDay(one.ended?.at ?? one.expires)}
          {one.ended === undefined ? null : (
            <small>
              {one.ended.because}, <LeafLink n={one.ended.leaf} size={info.size} />
            </small>
          )}
        </td>
      </tr>
    ),
  });
}

function Approvers({ waiver, size }: { waiver: WaiverSummary; size: number }) {
  const { approvedBy, approvals, requestedBy } = waiver;
  return (
    <>
      {approvedBy.map((name, at) => {
        const signed = approvals.find(({ approver }) => approver === name);
        return (
          <>
            {at === 0 ? null : ', '}
            <Text text={signed?.by ?? name} />
            {signed === undefined ? null : (
              <>
                {' '}
                <LeafLink n={signed.leaf} size={size} />
              </>
            )}
          </>
        );
      })}
      <small>
        asked for by <Text text={requestedBy} />
      </small>
    </>
  );
}

function Reviews({ summary: { reviews, info } }: Props) {
  return renderSection<ReviewSummary>({
    ...{ id: 'reviews', title: 'Access reviews' },
    none: 'No access review was open.',
    columns: [
      { title: 'Review', class: 'w2' },
      { title: 'Keys', class: 'n' },
      { title: 'Opened' },
      { title: 'Answers', class: 'w2' },
      { title: 'Closed' },
      { title: 'Signed off by' },
    ],
    rows: reviews,
    row: (one) => (
      <tr>
        <th scope="row">
          <Text text={one.name} />
          <small>
            <code>{one.review}</code>
          </small>
        </th>
        <td class="n">{one.keys}</td>
        <td>
          <Step step={one.opened} size={info.size} nobody="by schedule" />
        </td>
        <td>{describeAnswers(one)}</td>
        <td>
          <Step step={one.closed} size={info.size} nobody="–" />
        </td>
        <td>
          {one.signedOff === undefined ? (
            <strong>nobody</strong>
          ) : (
            <Step step={one.signedOff} size={info.size} nobody="–" />
          )}
        </td>
      </tr>
    ),
  });
}

function describeAnswers({ answers, decided, answerBy }: ReviewSummary): string {
  if (answers === undefined) return `${decided} so far; due ${renderDay(answerBy)}`;
  const given = Object.entries(answers).filter(([, count]) => count > 0);
  return given.map(([answer, count]) => `${count} ${answer}`).join(', ');
}

interface StepProps {
  readonly step: ReviewStep | undefined;
  readonly size: number;
  readonly nobody: Child;
}

function Step({ step, size, nobody }: StepProps) {
  if (step === undefined) return <>–</>;
  return (
    <>
      {step.by === undefined ? nobody : <Text text={step.by} />}
      <small>
        {renderDay(step.at)}, <LeafLink n={step.leaf} size={size} />
      </small>
      {step.reason === undefined ? null : (
        <small>
          <Text text={step.reason} />
        </small>
      )}
    </>
  );
}

function Policies({ summary: { policies, info } }: Props) {
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

function Limits() {
  return (
    <footer>
      <h2>What this does not show</h2>
      <p>
        That the vendor told the truth, that the host was honest when it wrote, that the inventory
        was complete, or anything after the newest checkpoint that a witness signed. Findings that
        neither opened nor closed in the period are counted, not listed. What stands is the word of
        the host at the closing of the newest full sweep.
      </p>
    </footer>
  );
}
