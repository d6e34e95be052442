import { expect, test } from 'vitest';
import { planReviewAsked } from '../../../src/alert/plan/plan-review-alerts.ts';
import { describeMessage } from '../../../src/alert/render/describe.ts';

const facts = {
  ...{ id: '09b27f17-8a57-46a3-9e47-4a6d83b03f94', review: 'quarterly' },
  openedAt: new Date('2026-11-30T02:00:00Z'),
  answerBy: new Date('2026-12-14T02:00:00Z'),
};
const destinations = {
  formats: new Map([['owner:sec', 'email' as const]]),
  ...{ publicUrl: 'https://k.example', reviewLinks: true },
};

test('a mail to a reviewer of very many owners lists the first, and counts the keys of all', () => {
  const sheets = Array.from({ length: 150 }, (_, n) => {
    return { linkId: facts.id, owner: `team-${n}`, keys: 3, unanswered: 2 };
  });
  const asked = { reviewer: 'sec', reminder: false, sheets };
  const [mail] = planReviewAsked(facts, asked, destinations);
  if (mail?.type !== 'review.asked') throw new Error('nobody is asked');
  expect(mail.data).toMatchObject({ unanswered: 300, omitted: 50 });
  expect(mail.data.sheets).toHaveLength(100);
  expect(describeMessage(mail).title).toBe(
    '300 keys wait for your answer in review quarterly, until 2026-12-14',
  );
});
