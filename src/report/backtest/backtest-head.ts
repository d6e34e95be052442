import type { Verdict } from '../../evaluate/judgement.ts';
import { isComplete } from '../../keys/coverage.ts';
import { coverageLine, coverageNote } from '../coverage-line.ts';
import type { VerdictCounts } from '../model.ts';
import { renderInstant } from '../render-instant.ts';
import { safeText } from '../safe-text.ts';
import { simulatedNote } from '../simulated.ts';
import type { Paints } from '../table/paints.ts';
import { wrap } from '../table/wrap.ts';
import type { BacktestCounts, BacktestSource, BacktestSweep } from './backtest-model.ts';
import { changeLine } from './change-line.ts';

const labelWidth = 12;

/** Renders the coverage, the summary of changes, the sweeps and the policies. */
export function renderBacktestHead(
  policy: BacktestSource['policy'],
  counts: BacktestCounts,
  paints: Paints,
  terminal: number,
): string {
  const newest = counts.sweeps.at(-1);
  if (newest === undefined) return '';
  const { coverage } = newest.would;
  const whole = isComplete(coverage) ? paints.verdict.pass : paints.verdict.unknown;
  const change = counts.changes.opens > 0 ? paints.verdict.fail : paints.verdict.pass;
  const facts = factsOf(policy, counts.sweeps, newest).flatMap(([label, text]) =>
    wrap(text, terminal - labelWidth).map(
      (line, at) => paints.dim((at === 0 ? label : '').padEnd(labelWidth)) + line,
    ),
  );
  return [
    ...wrap(coverageLine(coverage), terminal).map((line) => paints.bold(whole(line))),
    ...noteLines(counts.sweeps, terminal, paints),
    '',
    ...wrap(changeLine(counts), terminal).map((line) => paints.bold(change(line))),
    '',
    ...facts,
    '',
  ].join('\n');
}

function noteLines(sweeps: readonly BacktestSweep[], terminal: number, paints: Paints) {
  const simulated = sweeps.filter(({ sweep }) => sweep.simulated === true).length;
  const words =
    sweeps.length === 1
      ? simulatedNote
      : `SIMULATED: ${simulated} of these ${sweeps.length} sweeps`;
  return [
    ...(simulated === 0 ? [] : wrap(words, terminal).map(paints.bold)),
    ...wrap(coverageNote, terminal).map(paints.dim),
  ];
}

type Fact = readonly [label: string, text: string];

function factsOf(
  policy: BacktestSource['policy'],
  sweeps: readonly BacktestSweep[],
  { sweep, was, would }: BacktestSweep,
): readonly Fact[] {
  const [oldest] = sweeps;
  const span =
    sweeps.length > 1 && oldest !== undefined
      ? `${sweeps.length} full ones, ${renderInstant(oldest.sweep.openedAt)} to ${renderInstant(sweep.openedAt)}`
      : `${safeText(sweep.id)}  ${sweep.scope}, ${sweep.status}, opened ${renderInstant(sweep.openedAt)}`;
  return [
    [sweeps.length > 1 ? 'Sweeps' : 'Sweep', span],
    ['Policy was', policyText(sweep.policy)],
    ['would be', policyText(policy)],
    ['Keys were', verdictsText(was.verdicts)],
    ['would be', verdictsText(would.verdicts)],
  ];
}

function verdictsText(verdicts: VerdictCounts): string {
  const order: readonly Verdict[] = ['pass', 'fail', 'waived', 'unknown'];
  return order.map((verdict) => `${verdicts[verdict]} ${verdict}`).join(', ');
}

/** The start of a hash is enough to compare by eye; the JSON has the whole hash. */
function policyText({ version, hash }: BacktestSource['policy']): string {
  return `${safeText(version)}  ${safeText(hash.slice(0, 'sha256:'.length + 12))}`;
}
