import { severities } from '../../evaluate/policy/policy.ts';
import { shortenText } from '../safe-text.ts';
import type { RuleStanding } from './count-report.ts';
import { fills } from './patterns.tsx';
import { scrollsSideways } from './tables.tsx';

type Standing = keyof typeof fills;

const standings: readonly { readonly standing: Standing; readonly words: string }[] = [
  { standing: 'fail', words: 'fail' },
  { standing: 'waived', words: 'waived' },
  { standing: 'unknown', words: 'unknown' },
  { standing: 'clear', words: 'nothing found' },
];

/** One bar per rule, in a table that repeats the figures. The gravest rules come first. */
export function RulesSection({
  rules,
  tracked,
}: {
  rules: readonly RuleStanding[];
  tracked: number;
}) {
  const ordered = [...rules].sort(
    (a, b) =>
      severities.indexOf(b.rule.severity) - severities.indexOf(a.rule.severity) || b.fail - a.fail,
  );
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Verdicts by rule</h2>
      <p class="note">
        Keys by what each rule says of them. “Nothing found” counts the keys that pass the rule and
        those that it is not about.
      </p>
      <ul class="legend" aria-hidden="true">
        {standings.map(({ standing, words }) => (
          <li>
            <svg width="22" height="12" aria-hidden="true">
              <rect x="0.5" y="0.5" width="21" height="11" {...fills[standing]} />
              <rect x="0.5" y="0.5" width="21" height="11" class="edge" />
            </svg>
            {words}
          </li>
        ))}
      </ul>
      <div class="wide" {...scrollsSideways('Verdicts by rule, table')}>
        <table class="picture">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Severity</th>
              <td aria-hidden="true" />
              {standings.map(({ words }) => (
                <th scope="col" class="n">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.map((counts) => (
              <RuleRow counts={counts} tracked={tracked} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function RuleRow({ counts, tracked }: { counts: RuleStanding; tracked: number }) {
  const { rule } = counts;
  return (
    <tr>
      <th scope="row">
        {shortenText(rule.id, 110)}
        {rule.id === rule.type ? null : <small>{rule.type}</small>}
      </th>
      <td class={`sev ${rule.severity}`}>{rule.severity}</td>
      <td class="bar" aria-hidden="true">
        <Bar counts={counts} tracked={tracked} />
      </td>
      {standings.map(({ standing }) => (
        <td class="n">{counts[standing]}</td>
      ))}
    </tr>
  );
}

const barWidth = 240;
const barHeight = 13;

/** The part for a single key must stay visible. */
const leastWidth = 3;

function Bar({ counts, tracked }: { counts: RuleStanding; tracked: number }) {
  const widths = widthsOf(counts, tracked);
  let x = 0;
  const parts = standings.map(({ standing }) => {
    const width = widths[standing];
    const part = <rect x={x} y={0} width={width} height={barHeight} {...fills[standing]} />;
    x = round(x + width);
    return width === 0 ? null : part;
  });
  return (
    <svg
      aria-hidden="true"
      width="100%"
      height={barHeight}
      viewBox={`0 0 ${barWidth} ${barHeight}`}
      preserveAspectRatio="none"
    >
      {parts}
      <rect x="0.5" y="0.5" width={barWidth - 1} height={barHeight - 1} class="edge" />
    </svg>
  );
}

function widthsOf(counts: RuleStanding, tracked: number): { readonly [S in Standing]: number } {
  const widthOf = (keys: number) =>
    keys === 0 ? 0 : Math.max(leastWidth, round((keys / Math.max(1, tracked)) * barWidth));
  const fail = widthOf(counts.fail);
  const waived = Math.min(widthOf(counts.waived), barWidth - fail);
  const unknown = Math.min(widthOf(counts.unknown), barWidth - fail - waived);
  return { fail, waived, unknown, clear: round(barWidth - fail - waived - unknown) };
}

function round(width: number): number {
  return Math.round(width * 10) / 10;
}
