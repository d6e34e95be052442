import { renderInstant } from '../../../report/render-instant.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { Summary, SweepSummary } from '../summary.ts';
import { describeNoneDue } from '../words/describe-none-due.ts';
import { renderPeriod } from './render-period.ts';
import { LeafLink, Text } from './shown-parts.tsx';

interface Props {
  readonly summary: Summary;
}

/** What was due, and the facts of the period and its log. */
export function Head({ summary }: Props) {
  const { ticks, simulated } = summary;
  const told = ticks.missed + ticks.skipped;
  return (
    <header>
      <p class="kicker">Evidence of the audits of API keys</p>
      <h1>
        {ticks.due === 0
          ? describeNoneDue(summary)
          : `${ticks.held} of ${renderCount(ticks.due, 'due sweep')} ${ticks.held === 1 ? 'was' : 'were'} held`}
      </h1>
      <p class="note">
        {renderPeriod(summary)}, in UTC. A sweep asks the vendor of every tracked key and judges it
        by the policy.
      </p>
      {simulated.map(({ sweeps, leaf }) => (
        <p class="simulated" role="note">
          {renderCount(sweeps, 'sweep was', 'sweeps were')} invented, as a demonstration (
          <LeafLink n={leaf} size={summary.info.size} />
          ). They are no evidence.
        </p>
      ))}
      <ul class="verdicts" aria-label="Sweeps that were due">
        <Tile tone="pass" count={ticks.held} title="held" words="with a sweep of every key" />
        {ticks.late === 0 ? null : (
          <Tile tone="fail" count={ticks.late} title="late" words="closed after the deadline" />
        )}
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
        incomplete (<a href="#sweeps">their leaves</a>)
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
