import { canBeAcknowledged } from '../../../evaluate/history/events.ts';
import { acknowledgementWords } from '../../../operations/findings/acknowledge.ts';
import { readChosenFindings } from '../../../record/reads/pages/read-chosen-findings.ts';
import { RequestRefused } from '../../../record/store/errors.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { ProblemError } from '../../problems/problem.ts';
import { renderInputFaults } from '../../problems/render-input-faults.ts';
import type { FormFields } from '../forms/form-fields.ts';
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
    const again = readCount(query.get('again'));
    return asPage(renderAcknowledging(frame, { path, events, ended, states, again }));
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
    const reason = readReason(form);
    const kept = { finding: chosen.map(({ fingerprint }) => fingerprint) };
    if (form.one('sure') === undefined || reason === undefined) {
      return { kind: 'go', to: withQuery(path, kept) };
    }
    const events = chosen.filter(isOpenEvent);
    const earlier = chosen.filter(({ acknowledgement }) => acknowledgement !== null).length;
    const again = earlier + (await acknowledgeEach(events, reason, reads));
    const told: Record<string, string> = again === 0 ? {} : { again: String(again) };
    return { kind: 'go', to: withQuery(path, { ...kept, ...told }) };
  },
};

/** The reason in one line, as everywhere; undefined if none was given. */
function readReason(form: FormFields): string | undefined {
  const given = form.one('reason')?.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (given === '') return undefined;
  const { data, error } = acknowledgementWords.reason.safeParse(given);
  if (data !== undefined) return data;
  throw new ProblemError({ status: 400, detail: `reason: ${renderInputFaults(error)}` });
}

function isOpenEvent({ type, status }: ReportFinding): boolean {
  return status !== 'resolved' && canBeAcknowledged(type);
}

/** Returns how many somebody else had acknowledged in the meantime. */
async function acknowledgeEach(
  events: readonly ReportFinding[],
  reason: string,
  { operations }: PageReads,
): Promise<number> {
  let again = 0;
  for (const { fingerprint } of events) {
    try {
      const done = await operations.acknowledge({ fingerprint, reason });
      if (done?.before === true) again += 1;
    } catch (error) {
      // It has ended in the meantime; the page shows how.
      if (!(error instanceof RequestRefused)) throw error;
    }
  }
  return again;
}

/** How many had been acknowledged before; whatever the address says, it is a small number. */
function readCount(text: string | null): number {
  return text !== null && /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
}
