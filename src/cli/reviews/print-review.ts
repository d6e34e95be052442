import { renderReviewCsv } from '../../report/review/render-review-csv.ts';
import { renderReviewHtml } from '../../report/review/render-review-html.tsx';
import { renderReviewJson } from '../../report/review/render-review-json.ts';
import { renderReviewSummary, renderReviewTable } from '../../report/review/render-review-table.ts';
import type { ReviewSource } from '../../report/review/review-model.ts';
import { absentId } from '../../text/id-beginning.ts';
import type { OutputOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { parseId } from '../parse-option.ts';
import { chooseStore } from '../server/choose-store.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

type PrintOptions = Omit<OutputOptions, 'severity' | 'failOn'>;

/** `keysweep reviews show ID`: who is asked, and how far the answers have come. */
export function runReviewsShow(
  terminal: Terminal,
  id: string,
  options: PrintOptions,
): Promise<ExitCode> {
  return printReview(terminal, id, options, renderReviewSummary);
}

/** `keysweep report --review ID`: every key, and every decision. */
export function runReviewReport(
  terminal: Terminal,
  id: string,
  options: PrintOptions,
): Promise<ExitCode> {
  if (options.format === 'sarif') {
    throw new CommandFailed('--format sarif is for sweeps: a review has no violations');
  }
  return printReview(terminal, id, options, renderReviewTable);
}

async function printReview(
  terminal: Terminal,
  id: string,
  options: PrintOptions,
  renderTable: typeof renderReviewTable,
): Promise<ExitCode> {
  const named = parseId('review', id);
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const review = await operations.review({ id: named });
    if (review === undefined) throw new CommandFailed(absentId('review', named));
    await writeOutput(terminal, render(terminal, review, options, renderTable), options.output);
    return 0;
  } finally {
    await detach();
  }
}

function render(
  terminal: Terminal,
  review: ReviewSource,
  options: PrintOptions,
  renderTable: typeof renderReviewTable,
): AsyncIterable<string> {
  if (options.format === 'json') return renderReviewJson(review);
  if (options.format === 'csv') return renderReviewCsv(review);
  if (options.format === 'html') return renderReviewHtml(review);
  return renderTable(review, tableOptions(terminal, options));
}
