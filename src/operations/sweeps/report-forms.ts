import { hash } from 'node:crypto';
import { buildId } from '../../config/build-id.ts';
import { version } from '../../config/version.ts';
import { renderCsv } from '../../report/csv/report-csv.ts';
import { contentPolicy } from '../../report/html/page.tsx';
import { renderHtml } from '../../report/html/render-html.tsx';
import type { ReportSource } from '../../report/model.ts';
import { renderSarif } from '../../report/sarif/render-sarif.ts';
import { renderTable } from '../../report/table/table.ts';
import type { AnswerForm } from '../answers.ts';

const tableColumns = 120;

/** The path that code scanners show; where the configuration really is concerns no client. */
const artifact = 'config/keysweep.yaml';

/** A report in other forms than JSON, by the names that `--format` takes too. */
export const reportForms: Readonly<Record<string, AnswerForm<ReportSource>>> = {
  csv: { type: 'text/csv', extension: 'csv', write: renderCsv },
  html: {
    type: 'text/html',
    extension: 'html',
    headers: { 'content-security-policy': `${contentPolicy}; frame-ancestors 'none'` },
    write: (report) => renderHtml(report, { severity: 'info' }),
  },
  sarif: {
    type: 'application/sarif+json',
    extension: 'sarif',
    write: (report) => renderSarif(report, { version: version(), artifact }),
  },
  table: {
    type: 'text/plain',
    extension: 'txt',
    write: (report) => renderTable(report, { color: false, columns: tableColumns, explain: false }),
  },
};

/** Changes with everything that a report is made of: its sweep, its revision and this build. */
export function tagReport({ sweep, revision }: ReportSource): string | undefined {
  if (revision === undefined) return undefined;
  const made = [sweep.id, sweep.closedAt?.toISOString(), revision, buildId()];
  return hash('sha256', JSON.stringify(made), 'base64url').slice(0, 32);
}

/** The beginning of the names of its files. */
export function nameReport({ sweep }: ReportSource): string {
  return `keysweep-${sweep.id}`;
}
