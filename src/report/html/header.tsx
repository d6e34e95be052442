import type { Severity } from '../../evaluate/policy/policy.ts';
import { coverageLine, coverageNote } from '../coverage-line.ts';
import type { ReportSource, ReportSweep } from '../model.ts';
import { renderInstant } from '../render-instant.ts';
import { simulatedNote } from '../simulated.ts';
import { Shown } from './shown.tsx';

interface HeaderProps {
  readonly report: ReportSource;
  /** The lowest severity that is listed. */
  readonly severity: Severity;
}

/** Shows the coverage first, then the verdicts, then the sweep and its policy. */
export function Header({ report, severity }: HeaderProps) {
  return (
    <header>
      <p class="kicker">Audit of API keys</p>
      <h1>{coverageLine(report.coverage)}</h1>
      {report.sweep.simulated === true ? (
        <p class="simulated" role="note">
          {simulatedNote}
        </p>
      ) : null}
      <p class="note">{coverageNote}</p>
      <Verdicts report={report} />
      <Facts report={report} />
      {severity === 'info' ? null : (
        <p>
          <strong>Only rules of severity {severity} or above are shown.</strong> The verdicts and
          the coverage are of all rules.
        </p>
      )}
    </header>
  );
}

const verdicts = [
  { verdict: 'fail', words: 'break a rule' },
  { verdict: 'unknown', words: 'could not be judged' },
  { verdict: 'waived', words: 'break rules under a waiver only' },
  { verdict: 'pass', words: 'pass every rule' },
] as const;

function Verdicts({ report }: { report: ReportSource }) {
  return (
    <ul class="verdicts" aria-label="Keys by verdict">
      {verdicts.map(({ verdict, words }) => (
        <li class={`is-${verdict}`}>
          <b>{report.verdicts[verdict]}</b>
          <span>
            <strong>{verdict}</strong>: {words}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ report: { sweep } }: { report: ReportSource }) {
  return (
    <dl class="facts">
      <dt>Sweep</dt>
      <dd>
        <code>{sweep.id}</code>, {sweep.scope === 'full' ? 'of every tracked key' : 'partial'},{' '}
        <strong>{sweep.status}</strong>
      </dd>
      <dt>Asked for</dt>
      <dd>
        <AskedFor sweep={sweep} />
      </dd>
      <dt>Opened</dt>
      <dd>{renderInstant(sweep.openedAt)} (ages and idle times are as of then)</dd>
      <dt>Closed</dt>
      <dd>{sweep.closedAt === null ? 'not closed' : renderInstant(sweep.closedAt)}</dd>
      <dt>Policy</dt>
      <dd>
        version <Shown text={sweep.policy.version} />, <code>{sweep.policy.hash}</code>
      </dd>
    </dl>
  );
}

function AskedFor({ sweep: { schedule, dueAt, trigger } }: { sweep: ReportSweep }) {
  if (schedule === null) return 'on request';
  return (
    <>
      schedule <Shown text={schedule} />
      {dueAt === null ? null : `, due ${renderInstant(dueAt)}`}
      {trigger === 'catch-up' ? ', caught up' : null}
    </>
  );
}
