import { basename, isAbsolute, relative, sep } from 'node:path';
import { version } from '../../config/version.ts';
import type { Severity } from '../../evaluate/policy/policy.ts';
import { isAtLeast } from '../../evaluate/policy/severity.ts';
import { renderCsv } from '../../report/csv/report-csv.ts';
import { exitCode, worstSeverity } from '../../report/exit-code.ts';
import { renderHtml } from '../../report/html/render-html.tsx';
import { renderJson } from '../../report/json.ts';
import type { ReportSource, ReportViolation } from '../../report/model.ts';
import { renderSarif } from '../../report/sarif/render-sarif.ts';
import { renderTable } from '../../report/table/table.ts';
import type { Format, OutputOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

/**
 * What a report is printed with. `configFile`: the absolute path of the configuration; undefined
 * where a server has it.
 */
export interface PrintOptions extends OutputOptions {
  readonly configFile: string | undefined;
}

/** Prints a report in the requested format and returns the exit code. */
export async function printReport(
  terminal: Terminal,
  report: ReportSource,
  options: PrintOptions,
): Promise<ExitCode> {
  const shown = atLeast(report, options.severity);
  const pieces = renderers[options.format](shown, options, terminal);
  await writeOutput(terminal, pieces, options.output);
  const worst = await worstSeverity(report.violations());
  return exitCode({ coverage: report.coverage, worst, failOn: options.failOn });
}

type Render = (
  report: ReportSource,
  options: PrintOptions,
  terminal: Terminal,
) => AsyncIterable<string>;

const renderers: { readonly [F in Format]: Render } = {
  table: (report, options, terminal) => renderTable(report, tableOptions(terminal, options)),
  json: renderJson,
  csv: renderCsv,
  html: renderHtml,
  sarif: (report, { configFile }, { cwd }) =>
    renderSarif(report, { version: version(), artifact: artifactOf(configFile, cwd) }),
};

const usualFile = 'config/keysweep.yaml';

/** The path of the configuration, relative to the current folder, as code scanners expect it. */
function artifactOf(configFile: string | undefined, cwd: string): string {
  if (configFile === undefined) return usualFile;
  const path = relative(cwd, configFile);
  const inside = !path.startsWith('..') && !isAbsolute(path);
  const words = (inside ? path : basename(configFile)).split(sep);
  return words.map(encodeURIComponent).join('/');
}

/** The report without less severe rules. The counts stay those of the whole sweep. */
function atLeast(report: ReportSource, severity: Severity): ReportSource {
  if (severity === 'info') return report;
  const rules = report.rules.filter((rule) => isAtLeast(rule.severity, severity));
  return {
    ...report,
    rules,
    violations: () => graver(report.violations(), severity),
    broken: async () =>
      (await report.broken()).filter((count) => isAtLeast(count.severity, severity)),
  };
}

async function* graver<V extends ReportViolation>(
  violations: AsyncIterable<V>,
  severity: Severity,
): AsyncIterable<V> {
  for await (const violation of violations) {
    if (isAtLeast(violation.severity, severity)) yield violation;
  }
}
