import { renderDay } from '../render-instant.ts';
import { safeText } from '../safe-text.ts';
import { type GridLine, renderGrid } from '../table/grid.ts';
import { orDash } from '../table/or-dash.ts';
import { createPaints, type Paints } from '../table/paints.ts';
import type { Column } from '../table/plan-grid.ts';
import type { TableOptions } from '../table/table.ts';
import type {
  ListedReview,
  Review,
  ReviewedKey,
  ReviewSheet,
  ReviewSource,
} from './review-model.ts';
import {
  answerWords,
  countAnswers,
  describeDecider,
  describeListedUse,
  describeOpening,
  describeStatus,
} from './review-words.ts';

/** Commands accept the id of a campaign by a beginning of this length. */
const idDigits = 8;
const unowned = '(no owner)';

const listColumns: readonly Column[] = [
  { title: 'ID', most: idDigits, least: idDigits },
  { title: 'REVIEW', most: 28 },
  { title: 'OPENED', most: 10, least: 10 },
  { title: 'DUE', most: 10, least: 10 },
  { title: 'ANSWERS AND STATUS', most: 0 },
];

/** Renders campaigns for a terminal, in the given order. */
export async function* renderReviewsTable(
  reviews: AsyncIterable<ListedReview>,
  options: TableOptions,
): AsyncIterable<string> {
  const lines = async function* (): AsyncIterable<GridLine> {
    for await (const review of reviews) {
      const { id, review: name, openedAt, answerBy } = review;
      const days = [openedAt, answerBy].map(renderDay);
      const says = `${countAnswers(review)}; ${describeStatus(review)}`;
      yield { cells: [id.slice(0, idDigits), name, ...days, says] };
    }
  };
  yield* grid(lines(), { title: 'Reviews', columns: listColumns, none: 'No reviews.\n' }, options);
}

const sheetColumns: readonly Column[] = [
  { title: 'OWNER', most: 28 },
  { title: 'KEYS', most: 6 },
  { title: 'ANSWERED', most: 8 },
  { title: 'ASKED', most: 0 },
];

/** Renders a campaign for a terminal: its answers, and who is asked. */
export async function* renderReviewSummary(
  review: Review,
  options: TableOptions,
): AsyncIterable<string> {
  yield headOf(review);
  const lines = async function* (): AsyncIterable<GridLine> {
    for (const sheet of review.sheets) yield { cells: sheetCells(sheet) };
  };
  yield* grid(lines(), { title: '\nOwners', columns: sheetColumns, none: 'No keys.\n' }, options);
}

const keyColumns: readonly Column[] = [
  { title: 'ANSWER', most: 10 },
  { title: 'KEY', most: 38, least: 36 },
  { title: 'NAME', most: 28 },
  { title: 'LAST USE', most: 22 },
  { title: 'WHO, WHEN, WHY', most: 0 },
];

/** Renders a campaign for a terminal with all its keys, grouped by owner where they follow. */
export async function* renderReviewTable(
  review: ReviewSource,
  options: TableOptions,
): AsyncIterable<string> {
  yield headOf(review);
  const paints = createPaints(options.color);
  const table = { title: '\nKeys', columns: keyColumns, none: 'No keys.\n' };
  yield* grid(keyLines(review.reviewed(), paints), table, options);
}

async function* keyLines(
  keys: AsyncIterable<ReviewedKey>,
  paints: Paints,
): AsyncIterable<GridLine> {
  let group: string | null | undefined;
  for await (const { keyId, owner, listed, decision } of keys) {
    if (owner !== group) yield { heading: owner ?? unowned, paint: paints.bold };
    group = owner;
    const answer = answerWords[decision?.decision ?? 'unanswered'];
    const said = decision === null ? '–' : describeDecider(decision);
    yield { cells: [answer, keyId, orDash(listed.name), describeListedUse(listed), said] };
  }
}

function headOf(review: Review): string {
  const lines = [
    `Review ${review.review}, ${review.id}`,
    `Opened ${renderDay(review.openedAt)}, ${describeOpening(review)}.`,
    `${countAnswers(review)}.`,
    `Status: ${describeStatus(review)}.`,
    `SHA-256 of the list of its keys: ${review.listedHash}`,
  ];
  return `${lines.map(safeText).join('\n')}\n`;
}

function sheetCells({ owner, keys, answered, reviewers }: ReviewSheet): readonly string[] {
  const asked = reviewers.map(({ name, mail, withdrawnAt }) => {
    const how = mail === null ? 'no mail address' : `by mail to ${mail}`;
    return `${name} (${withdrawnAt === null ? how : `${how}, link withdrawn`})`;
  });
  return [owner ?? unowned, String(keys), String(answered), orDash(asked.join(', ') || 'nobody')];
}

interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly none: string;
}

async function* grid(
  lines: AsyncIterable<GridLine>,
  { title, columns, none }: Table,
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const options = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title };
  let any = false;
  for await (const piece of renderGrid(lines, options)) {
    yield any ? piece : piece.replace(/^\n/, '');
    any = true;
  }
  if (!any) yield none;
}
