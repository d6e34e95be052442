import { expect, test } from 'vitest';
import type { Message } from '../../../src/alert/message.ts';
import { type FormatName, formats } from '../../../src/alert/render/index.ts';

const at = new Date('2026-11-30T02:00:00Z');
const id = '09b27f17-8a57-46a3-9e47-4a6d83b03f94';
const hostile = '<a href="https://evil.example">x</a>';
const review = {
  ...{ id, review: 'quarterly', openedAt: '2026-11-30T02:00:00.000Z' },
  ...{ answerBy: '2026-12-14T02:00:00.000Z', page: `https://k.example/reviews/${id}` },
};
const link = `https://k.example/reviews/link/${id}.unsigned`;

const asked: Message = {
  type: 'review.asked',
  data: {
    ...{ review, reviewer: hostile, reminder: true, omitted: 2, unanswered: 21 },
    sheets: [
      { owner: 'payments', keys: 12, unanswered: 12, link },
      { owner: hostile, keys: 3, unanswered: 1, link: null },
    ],
  },
};
const owners = Array.from({ length: 100 }, (_, n) => ({ owner: `${hostile}${n}`, unanswered: 5 }));
const escalated = (because: 'overdue' | 'nobody-to-ask'): Message => ({
  type: 'review.escalated',
  data: { review, because, keys: 600, unanswered: 520, owners, omitted: 4 },
});

const mailOf = (message: Message) =>
  JSON.parse(formats.email.render(message, at).body) as Record<'subject' | 'text' | 'html', string>;

test('a mail to a reviewer says what to do until when, with the link and the page', () => {
  const { subject, text, html } = mailOf(asked);
  expect(subject).toBe(
    '[keysweep] Reminder: 21 keys wait for your answer in review quarterly, until 2026-12-14',
  );
  expect(text).toContain('12 keys, no answer yet');
  expect(text).toContain('3 keys, 1 without an answer');
  expect(text).toContain(`Answer here: ${link}\n`);
  expect(text).toContain('never as kept');
  expect(text).toContain('Do not forward this mail');
  expect(text).toContain('2 more owners on the page of the review.');
  expect(html.match(/<a href="[^"]*"/g)).toEqual(
    [link, review.page, review.page].map((address) => `<a href="${address}"`),
  );
});

test('a mail without links leads to the page, and says nothing of links', () => {
  const sheets = [{ owner: null, keys: 1, unanswered: 1, link: null }];
  const { text } = mailOf({ ...asked, data: { ...asked.data, sheets } } as Message);
  expect(text).toContain('Keys without an owner');
  expect(text).toContain(`Page:        ${review.page}`);
  expect(text).not.toContain('links are for you alone');
});

test('a mail where there are no pages names the command that shows the other owners', () => {
  const data = { ...asked.data, review: { ...review, page: null } };
  const { text } = mailOf({ ...asked, data } as Message);
  expect(text).toContain(`2 more owners: keysweep reviews show ${id}`);
  expect(text).not.toContain('page of the review');
});

test.each(Object.keys(formats) as FormatName[])(
  '%s renders what is late, cut and harmless',
  (name) => {
    for (const because of ['overdue', 'nobody-to-ask'] as const) {
      const { body, fits } = formats[name].render(escalated(because), at);
      expect(fits).toBe(true);
      if (name === 'json') continue;
      expect(body).toContain('520');
      expect(body).not.toContain('href=\\"https://evil.example');
      if (name !== 'pagerduty') expect(body).toContain(review.page);
    }
  },
);

test('a review that lists no key says so, and counts nothing', () => {
  const data = {
    review,
    because: 'no-key',
    keys: 0,
    unanswered: 0,
    owners: [],
    omitted: 0,
  } as const;
  const { subject, text } = mailOf({ type: 'review.escalated', data });
  expect(subject).toBe('[keysweep] Review quarterly: it lists no key');
  expect(text).toContain('No tracked key matched when it opened');
  expect(text).not.toContain('0 keys');
});

test('an incident is one a campaign and reason', () => {
  const keys = (['overdue', 'nobody-to-ask'] as const).map((because) => {
    const event = JSON.parse(formats.pagerduty.render(escalated(because), at).body);
    return (event as { dedup_key: string }).dedup_key;
  });
  expect(keys).toEqual([`keysweep/review/${id}/overdue`, `keysweep/review/${id}/nobody-to-ask`]);
});
