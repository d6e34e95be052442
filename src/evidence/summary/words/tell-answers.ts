import { renderDay } from '../../../report/render-instant.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { ReviewSummary } from '../summary.ts';

/**
 * The answers of a campaign. While it is open, the leaves count decisions: who changes an answer
 * decides again.
 */
export function tellAnswers({ keys, answers, decided, answerBy }: ReviewSummary): string {
  if (answers === undefined) {
    const so = `${renderCount(decided, 'decision')} so far, changed answers included`;
    return `${so}; answers due ${renderDay(answerBy)}`;
  }
  if (keys === 0) return 'no key matched';
  const given = Object.entries(answers).filter(([, count]) => count > 0);
  return given.map(([answer, count]) => `${count} ${answer}`).join(', ');
}
