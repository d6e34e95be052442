import { safeText } from '../report/safe-text.ts';
import { clip, displayWidth, pad } from '../report/table/display-width.ts';
import { createPaints, type Paints } from '../report/table/paints.ts';
import type { TableOptions } from '../report/table/table.ts';
import { wrap } from '../report/table/wrap.ts';
import { renderCount } from '../text/render-count.ts';
import type { CaseResult, FileResult, PolicyResult, TestResult } from './case-result.ts';
import { type CaseCounts, countCases } from './count-cases.ts';

export interface PolicyTestTableOptions extends TableOptions {
  /** Leave out the cases that pass. */
  readonly quiet: boolean;
}

/** Renders a policy test for a terminal: the cases by file, what is untested, and the totals. */
export async function* renderPolicyTestTable(
  result: TestResult,
  { color, columns, quiet }: PolicyTestTableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  for (const file of result.files) yield renderFile(file, { paints, columns, quiet });
  for (const policy of result.policies) yield renderPolicy(policy, paints, columns);
  yield renderSum(countCases(result), paints, columns);
}

interface Style {
  readonly paints: Paints;
  readonly columns: number;
  readonly quiet: boolean;
}

function renderFile({ file, cases }: FileResult, { paints, columns, quiet }: Style): string {
  const failed = cases.filter(fails).length;
  const counts = `${cases.length - failed} of ${renderCount(cases.length, 'case')} pass`;
  const head = wrap(`${safeText(file)}  ${counts}`, columns).map(paints.bold);
  const shown = quiet ? cases.filter(fails) : cases;
  const ruleWidth = Math.min(longestRule, Math.max(0, ...shown.map(widthOfRule)));
  const lines = shown.flatMap((one) => renderCase(one, file, { paints, columns, ruleWidth }));
  return `${[...head, ...lines, ''].join('\n')}\n`;
}

/** A longer rule id is cut, to leave room for the name of the case. */
const longestRule = 24;
const indent = 4;

function fails({ differences }: CaseResult): boolean {
  return differences.length > 0;
}

function widthOfRule({ rule }: CaseResult): number {
  return displayWidth(safeText(rule ?? ''));
}

function renderCase(
  one: CaseResult,
  file: string,
  { paints, columns, ruleWidth }: { paints: Paints; columns: number; ruleWidth: number },
): string[] {
  const bad = fails(one);
  const mark = bad ? paints.verdict.fail('✗') : paints.verdict.pass('✓');
  const rule =
    ruleWidth === 0 ? '' : `${pad(clip(safeText(one.rule ?? ''), ruleWidth), ruleWidth)}  `;
  const room = columns - indent - displayWidth(rule);
  const [first = '', ...more] = wrap(safeText(one.name), room);
  const under = ' '.repeat(indent + displayWidth(rule));
  const named = [`  ${mark} ${paints.dim(rule)}${first}`, ...more.map((line) => under + line)];
  if (!bad) return named;
  const place = `at ${safeText(file)}:${one.line}:${one.column}`;
  const details = [...one.differences.map(safeText), place];
  return [
    ...named,
    ...details.flatMap((text, at) =>
      renderDetail(text, at === details.length - 1, paints, columns),
    ),
  ];
}

function renderDetail(text: string, isPlace: boolean, paints: Paints, columns: number): string[] {
  const paint = isPlace ? paints.dim : paints.verdict.fail;
  return wrap(text, columns - indent - 4).map(
    (line, at) => ' '.repeat(indent + (at === 0 ? 2 : 4)) + paint(line),
  );
}

function renderPolicy(
  { file, version, rules, warnings }: PolicyResult,
  paints: Paints,
  columns: number,
): string {
  const tried = rules.filter(({ broken }) => broken > 0).length;
  const text = `${safeText(file)}  version ${safeText(version)}, ${tried} of ${renderCount(rules.length, 'rule')} broken by a case`;
  const lines = warnings.flatMap((warning) =>
    wrap(`warning: ${safeText(warning)}`, columns - 2).map(
      (line) => `  ${paints.verdict.unknown(line)}`,
    ),
  );
  return `${[...wrap(text, columns).map(paints.bold), ...lines].join('\n')}\n`;
}

function renderSum(counts: CaseCounts, paints: Paints, columns: number): string {
  const { files, cases, passed, failed, warnings } = counts;
  const where = `${renderCount(cases, 'case')} in ${renderCount(files, 'file')}`;
  const fail = failed === 0 ? '' : `, ${failed} ${failed === 1 ? 'fails' : 'fail'}`;
  const warn = warnings === 0 ? '' : `; ${renderCount(warnings, 'warning')}`;
  const paint = failed === 0 ? paints.verdict.pass : paints.verdict.fail;
  const lines = wrap(
    `${where}: ${passed} ${passed === 1 ? 'passes' : 'pass'}${fail}${warn}`,
    columns,
  );
  return `\n${lines.map((line) => paints.bold(paint(line))).join('\n')}\n`;
}
