import { isEventType } from '../../../evaluate/history/events.ts';
import { readChosenFindings } from '../../../record/reads/pages/read-chosen-findings.ts';
import { RequestRefused } from '../../../record/store/errors.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { ProblemError } from '../../problems/problem.ts';
import { asPage, type PageEntry, type PageReads } from '../page-entry.ts';
import { withQuery } from '../paths.ts';
import { renderAcknowledging } from './acknowledge-pages.tsx';
import type { ActionEntry } from './action-entry.ts';

const path = '/actions/acknowledge';
const what = 'acknowledge';

/** Their fingerprints stand in an address, which has room for twice as many. */
const mostChosen = 100;

/** Asks why, and shows afterwards what has become of the chosen findings. */
export const acknowledgePage: PageEntry = {
  ...{ path, what },
  async show({ frame, query }, { database }) {
    const prints = query.getAll('finding').slice(0, mostChosen);
    const chosen = await readChosenFindings(database, prints);
    if (chosen.length === 0) return undefined;
    const ended = chosen.filter(({ status }) => status === 'resolved');
    const events = chosen.filter(isOpenEvent);
    const states = chosen.filter((one) => !isOpenEvent(one) && !ended.includes(one));
    return asPage(renderAcknowledging(frame, { path, events, ended, states }));
  },
};

/** Ends the chosen findings of events. */
export const acknowledgeChosen: ActionEntry = {
  ...{ path, what },
  async run({ form }, reads) {
    const finding = form.all('finding');
    if (finding.length > mostChosen) {
      throw new ProblemError({ status: 400, detail: `choose ${mostChosen} findings at most` });
    }
    const chosen = await readChosenFindings(reads.database, finding);
    if (chosen.length === 0) {
      throw new ProblemError({ status: 400, detail: 'choose at least one finding' });
    }
    const reason = form.one('reason')?.trim() ?? '';
    if (form.one('sure') !== undefined && reason !== '') {
      await acknowledgeEach(chosen.filter(isOpenEvent), reason, reads);
    }
    return { kind: 'go', to: withQuery(path, { finding }) };
  },
};

function isOpenEvent({ type, status }: ReportFinding): boolean {
  return status !== 'resolved' && isEventType(type);
}

async function acknowledgeEach(
  events: readonly ReportFinding[],
  reason: string,
  { operations }: PageReads,
): Promise<void> {
  for (const { fingerprint } of events) {
    try {
      await operations.acknowledge({ fingerprint, reason });
    } catch (error) {
      // It has ended in the meantime; the page shows how.
      if (!(error instanceof RequestRefused)) throw error;
    }
  }
}
