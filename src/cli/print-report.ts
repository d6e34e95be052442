import type { Severity } from '../evaluate/policy.ts';
import { isAtLeast } from '../evaluate/severity.ts';
import { exitCode, worstSeverity } from '../report/exit-code.ts';
import { renderJson } from '../report/json.ts';
import type { ReportSource, ReportViolation } from '../report/model.ts';
import { renderTable } from '../report/table.ts';
import type { OutputOptions } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { writeOutput } from './write-output.ts';

/** Prints a report in the format asked for, and answers with the exit code that it comes to. */
export async function printReport(
  terminal: Terminal,
  report: ReportSource,
  options: OutputOptions,
): Promise<ExitCode> {
  const shown = atLeast(report, options.severity);
  const pieces =
    options.format === 'json'
      ? renderJson(shown)
      : renderTable(shown, tableOptions(terminal, options));
  await writeOutput(terminal, pieces, options.output);
  const worst = await worstSeverity(report.violations());
  return exitCode({ coverage: report.coverage, worst, failOn: options.failOn });
}

const widthWithoutTerminal = 120;

/** Colours and width of what goes to a person; a file or a pipe gets no colours. */
export function tableOptions(
  terminal: Terminal,
  { color, output }: Pick<OutputOptions, 'color' | 'output'>,
) {
  const toTerminal = output === undefined && terminal.stdout.isTTY === true;
  return {
    color: color && toTerminal && !terminal.env['NO_COLOR'],
    // A pseudo-terminal that nobody sized has 0 columns.
    columns: (toTerminal ? terminal.stdout.columns : undefined) || widthWithoutTerminal,
  };
}

/** The report without the violations that are less severe. Counts stay those of the sweep. */
function atLeast(report: ReportSource, severity: Severity): ReportSource {
  if (severity === 'info') return report;
  return { ...report, violations: () => graver(report.violations(), severity) };
}

async function* graver(violations: AsyncIterable<ReportViolation>, severity: Severity) {
  for await (const violation of violations) {
    if (isAtLeast(violation.severity, severity)) yield violation;
  }
}
