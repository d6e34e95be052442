import { isEventType } from '../../../evaluate/history/events.ts';
import { readChosenFindings } from '../../../record/reads/pages/read-chosen-findings.ts';
import { RequestRefused } from '../../../record/store/errors.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { PageReads } from '../page-entry.ts';
import { renderAcknowledged, renderAcknowledging } from './acknowledge-pages.tsx';
import type { ActionEntry } from './action-entry.ts';

/** Ends the chosen findings of events, after a page that asks why. */
export const acknowledgeChosen: ActionEntry = {
  path: '/actions/acknowledge',
  what: 'acknowledge',
  async run({ frame, form }, reads) {
    const chosen = await readChosenFindings(reads.database, form.all('finding'));
    if (chosen.length === 0) {
      throw new ProblemError({ status: 400, detail: 'choose at least one finding' });
    }
    const events = chosen.filter(isOpenEvent);
    const reason = form.one('reason')?.trim() ?? '';
    if (form.one('sure') === undefined || reason === '' || events.length === 0) {
      const others = chosen.filter((finding) => !isOpenEvent(finding));
      const html = renderAcknowledging(frame, { path: acknowledgeChosen.path, events, others });
      return { kind: 'page', html };
    }
    const refused = await acknowledgeEach(events, reason, reads);
    const done = events.length - refused.length;
    return { kind: 'page', html: renderAcknowledged(frame, { done, refused }) };
  },
};

function isOpenEvent({ type, status }: ReportFinding): boolean {
  return status !== 'resolved' && isEventType(type);
}

async function acknowledgeEach(
  events: readonly ReportFinding[],
  reason: string,
  { operations }: PageReads,
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { fingerprint, keyId, rule } of events) {
    try {
      await operations.acknowledge({ fingerprint, reason });
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      refused.push(`${keyId}, ${rule}: ${error.message}`);
    }
  }
  return refused;
}
