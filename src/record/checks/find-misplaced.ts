import type { RecordDifference } from '../../evidence/differences/difference.ts';
import type { PlacedClosing } from './log-story.ts';

/** The sweeps whose place in the order of closings is not that of their leaves. */
export function findMisplaced(closings: readonly PlacedClosing[]): readonly RecordDifference[] {
  const ordered = [...closings].sort((one, other) => one.leaf - other.leaf);
  return ordered.flatMap(({ leaf, sweep, closing }, n) => {
    const before = ordered[n - 1]?.closing ?? 0;
    const after = ordered[n + 1]?.closing ?? Infinity;
    const isBetween = closing !== null && closing > before && closing < after;
    // Where its neighbours do not follow each other, one of them is the misplaced one.
    if (isBetween || (closing !== null && before >= after)) return [];
    const was = after === Infinity ? `after ${before}` : `between ${before} and ${after}`;
    const is = String(closing ?? 'none');
    return [{ code: 'sweep-field' as const, leaf, sweep, field: 'closing', was, is }];
  });
}
