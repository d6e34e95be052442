import type {
  BacktestRule,
  BacktestSweep,
  ChangedUnknown,
  ChangedViolation,
} from '../../../report/backtest/backtest-model.ts';
import { changeLine } from '../../../report/backtest/change-line.ts';
import { renderMove, wasWords, wouldWords } from '../../../report/backtest/state-words.ts';
import { coverageLine, coverageNote } from '../../../report/coverage-line.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Instant } from '../parts/times.tsx';
import { pathOfRule, pathOfSweep } from '../paths.ts';
import { ChangePanel } from './change-panel.tsx';
import type { BacktestResult } from './kept-backtest.ts';

interface ResultProps {
  readonly result: BacktestResult;
  readonly known: ReadonlySet<string>;
}

/** What a back-test found. */
export function ResultPanels({ result, known }: ResultProps) {
  const { sweeps, rules, changes, first } = result;
  const several = sweeps.length > 1;
  const violated = (one: ChangedViolation) => ({ ...one, says: one.message });
  const unknown = (one: ChangedUnknown) => ({ ...one, says: `${one.reason}, ${one.detail}` });
  return (
    <>
      <SummaryPanel result={result} />
      <RulesPanel rules={rules} known={known} several={several} />
      {several ? <SweepsPanel sweeps={sweeps} /> : null}
      <ChangePanel
        id="opens"
        title="Would newly fail"
        none="No key would newly fail a rule."
        count={changes.opens}
        rows={first.opens.map((one) => ({ ...violated(one), word: `was ${wasWords[one.was]}` }))}
        several={several}
      />
      <ChangePanel
        id="resolves"
        title="Would no longer fail"
        none="Every violation would stay."
        count={changes.resolves}
        rows={first.resolves.map((one) => ({ ...violated(one), word: wouldWords[one.would] }))}
        several={several}
      />
      <ChangePanel
        id="waived"
        title="Would be waived"
        none="No waiver would cover more."
        count={changes.waived}
        rows={first.waived.map((one) => ({ ...violated(one), word: `by ${one.waiver ?? ''}` }))}
        several={several}
      />
      <ChangePanel
        id="unknown"
        title="Could no longer be judged"
        none="Every key that was judged would be."
        count={changes.unknown}
        rows={first.unknown.map((one) => ({ ...unknown(one), word: `was ${wasWords[one.was]}` }))}
        several={several}
      />
    </>
  );
}

function SummaryPanel({ result }: { result: BacktestResult }) {
  const { policy, sweeps } = result;
  const newest = sweeps.at(-1);
  if (newest === undefined) return null;
  const { sweep, was, would } = newest;
  const verdicts = (['pass', 'fail', 'waived', 'unknown'] as const).map(
    (verdict) => `${renderMove(was.verdicts[verdict], would.verdicts[verdict])} ${verdict}`,
  );
  return (
    <section class="panel" aria-labelledby="summary">
      <h2 id="summary">{changeLine(result)}</h2>
      <p>{coverageLine(would.coverage)}</p>
      <p class="note">{coverageNote}</p>
      <dl class="facts">
        <dt>{sweeps.length > 1 ? 'Newest sweep' : 'Sweep'}</dt>
        <dd>
          <a href={pathOfSweep(sweep.id)}>
            <Instant at={sweep.openedAt} />
          </a>
        </dd>
        <dt>Keys in it</dt>
        <dd>{verdicts.join(', ')}</dd>
        <dt>Policy was</dt>
        <dd>
          <PolicyName policy={sweep.policy} />
        </dd>
        <dt>Policy would be</dt>
        <dd>
          <PolicyName policy={policy} />
        </dd>
      </dl>
    </section>
  );
}

function PolicyName({ policy: { version, hash } }: { policy: BacktestResult['policy'] }) {
  return (
    <>
      <Shown text={version} />{' '}
      <code>
        <Shown text={hash.slice(0, 'sha256:'.length + 12)} />
      </code>
    </>
  );
}

interface RulesProps {
  readonly rules: readonly BacktestRule[];
  readonly known: ReadonlySet<string>;
  readonly several: boolean;
}

function RulesPanel({ rules, known, several }: RulesProps) {
  return (
    <section class="panel" aria-labelledby="rules">
      <h2 id="rules">Rules{several ? ', in the newest sweep' : null}</h2>
      <Table
        name="Rules, the gravest first"
        class="list"
        columns={[
          'Rule',
          'Severity',
          { number: 'Keys that fail' },
          { number: 'Waived' },
          { number: 'Unknown' },
        ]}
      >
        {rules.map((one) => (
          <RuleRow one={one} hasPage={known.has(one.rule)} />
        ))}
      </Table>
    </section>
  );
}

function RuleRow({ one, hasPage }: { one: BacktestRule; hasPage: boolean }) {
  const { rule, severity, was, would } = one;
  const name = <Shown text={rule} />;
  const isNew = severity.was === null;
  return (
    <tr>
      <th scope="row">
        {hasPage ? <a href={pathOfRule(rule)}>{name}</a> : name}
        {severity.would === null ? <small>the rule is gone</small> : null}
        {isNew ? <small>new</small> : null}
      </th>
      <td data-label="Severity">{renderMove(severity.was ?? '–', severity.would ?? '–')}</td>
      {(
        [
          ['Keys that fail', 'open'],
          ['Waived', 'waived'],
          ['Unknown', 'unknown'],
        ] as const
      ).map(([label, state]) => (
        <td class={was[state] === would[state] ? 'n soft' : 'n'} data-label={label}>
          {renderMove(renderNumber(was[state]), renderNumber(would[state]))}
        </td>
      ))}
    </tr>
  );
}

function SweepsPanel({ sweeps }: { sweeps: readonly BacktestSweep[] }) {
  return (
    <section class="panel" aria-labelledby="sweeps">
      <h2 id="sweeps">Sweeps</h2>
      <Table
        name="Sweeps, the oldest first"
        class="list"
        columns={[
          'Opened',
          { number: 'Keys that fail' },
          { number: 'Would open' },
          { number: 'Would resolve' },
        ]}
      >
        {sweeps.map(({ sweep, was, would, changes }) => (
          <tr>
            <th scope="row">
              <a href={pathOfSweep(sweep.id)}>
                <Instant at={sweep.openedAt} />
              </a>
            </th>
            <td class="n" data-label="Keys that fail">
              {renderMove(renderNumber(was.verdicts.fail), renderNumber(would.verdicts.fail))}
            </td>
            <td class="n" data-label="Would open">
              {renderNumber(changes.opens)}
            </td>
            <td class="n" data-label="Would resolve">
              {renderNumber(changes.resolves)}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
