import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import type { FindingSummary, Summary } from '../summary.ts';

/** How a finding opened whose opening no sweep of the period says. */
export function tellOpening(
  { rule, since }: FindingSummary,
  { from, sweeps }: Pick<Summary, 'from' | 'sweeps'>,
): string {
  const isBefore = since === undefined ? sweeps.removed.length === 0 : since < from;
  if (rule === reviewRevoke && (since === undefined || !isBefore)) return 'by a review';
  return isBefore ? 'before the period' : 'by a sweep whose evidence is gone';
}
