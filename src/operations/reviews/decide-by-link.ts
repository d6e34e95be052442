import { alertingOf } from '../../record/outbox/alerting.ts';
import type { SentLink } from '../../record/reads/reviews/read-link.ts';
import { decideReview } from '../../record/reviews/decide.ts';
import type { DecidedKey } from '../../record/reviews/decided-row.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import type { ReviewPerson, ReviewSheet } from '../../report/review/review-model.ts';
import type { Means } from '../operation.ts';
import { recordChange } from '../recording/record-change.ts';
import { assertCounts } from './reviewer.ts';

/** Keeps decisions of whoever has a link. `from`: the address of the client. Returns their number. */
export type DecideByLink = (
  link: SentLink,
  decisions: readonly DecidedKey[],
  from: string,
) => Promise<number>;

/** A link is for one reviewer and one sheet, whoever has it. */
export function createDecideByLink(means: Omit<Means, 'caller'>): DecideByLink {
  return async (link, decisions, from) => {
    const caller = { name: `link of ${link.name}`, role: 'viewer', from } as const;
    const asked = { what: 'decideReview', input: { id: link.review, decisions } };
    return recordChange({ ...means, caller }, asked, async ({ database, config, wake }) => {
      assertCounts('link', config);
      const decider = {
        person: personOf(link),
        assertMay(sheet: ReviewSheet) {
          if (sheet.sheet !== link.sheet) throw new RequestRefused('the link is for other keys');
          // Read under the lock of the campaign: the link may have ended since it was opened.
          if (hasEnded(link, sheet, config.owners)) throw new RequestRefused('this link has ended');
        },
      };
      const alerting = alertingOf(config);
      const kept = await decideReview(database, link.row, decisions, decider, alerting);
      await wake.alerts(kept.alerts).catch(() => undefined);
      return kept.decided;
    });
  };
}

/** Whether it was withdrawn, or the reviewer has another address by now. */
function hasEnded(link: SentLink, sheet: ReviewSheet, owners: Means['config']['owners']): boolean {
  const { name, mail } = link;
  const kept = sheet.reviewers.find((reviewer) => reviewer.name === name);
  return kept?.mail !== mail || kept.withdrawnAt !== null || !goesTo(mail, name, owners);
}

/** Whether mails to a reviewer go to this address now. */
export function goesTo(mail: string, name: string, owners: Means['config']['owners']): boolean {
  return owners.get(name)?.email === mail;
}

function personOf({ name, mail }: SentLink): ReviewPerson {
  return { by: name, known: 'link', asserted: null, subject: null, mail: null, sentTo: mail };
}
