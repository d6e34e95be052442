import { takeItems } from '../../operations/paged-list.ts';
import { renderReviewsCsv } from '../../report/review/render-review-csv.ts';
import { renderReviewsJson } from '../../report/review/render-review-json.ts';
import { renderReviewsTable } from '../../report/review/render-review-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export interface ReviewsListOptions extends Omit<ListOptions, 'severity' | 'failOn'> {
  readonly limit: number;
}

/** `keysweep reviews list`: campaigns, newest first. */
export async function runReviewsList(
  terminal: Terminal,
  options: ReviewsListOptions,
): Promise<ExitCode> {
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const reviews = takeItems(operations.reviews({}), options.limit);
    const render = {
      table: () => renderReviewsTable(reviews, tableOptions(terminal, options)),
      json: () => renderReviewsJson(reviews),
      csv: () => renderReviewsCsv(reviews),
    };
    await writeOutput(terminal, render[options.format](), options.output);
    return 0;
  } finally {
    await detach();
  }
}
