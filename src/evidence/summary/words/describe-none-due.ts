import type { Summary } from '../summary.ts';

/** Says of a period without a tick whether the log shows that nothing was due. */
export function describeNoneDue({ uncovered }: Pick<Summary, 'uncovered'>): string {
  return uncovered.length === 0 ? 'No sweep was due' : 'No sweep is known to have been due';
}
