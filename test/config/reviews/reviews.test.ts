import { expect, test } from 'vitest';
import { goodConfig, mistakesWith, readGood } from '../workspace.ts';

const day = 86_400_000;
const mail = '{ id: mail, type: email, smtp: "smtp://mail.example", from: a@x.y, to: [b@x.y] }';
const channels = `alerts: { channels: [${mail}, { id: log, type: log }] }\n`;
const key = 'canary-key-of-links-0123456789-0123456789';

const read = (lines: string, files: Record<string, string> = {}) =>
  readGood({ files: { 'config/keysweep.yaml': goodConfig + lines, ...files } });

test('a review has defaults, and reminders in the order in which they come', async () => {
  const { config } = await read(
    `${channels}reviews:
  - { id: all }
  - { id: q, every: 90d, of: { tags: [shop] }, reviewers: [ann, ann, s@x.y], due: 10d, remind: [1d, 7d, 1d], escalateTo: log }
  - { id: c, every: "0 6 1 * *", timezone: Europe/Berlin }\n`,
  );
  const [all, quarterly, cron] = config.reviews;
  expect(all).toEqual({
    ...{ id: 'all', every: undefined, of: undefined, reviewers: 'owner', dueMs: 14 * day },
    ...{ remindMs: [], escalateTo: undefined },
  });
  expect(quarterly).toEqual({
    ...{ id: 'q', every: { kind: 'interval', ms: 90 * day }, of: { tags: ['shop'] } },
    ...{ reviewers: ['ann', 's@x.y'], dueMs: 10 * day, remindMs: [7 * day, day] },
    escalateTo: 'log',
  });
  expect(cron?.every).toEqual({ kind: 'cron', cron: '0 6 1 * *', timezone: 'Europe/Berlin' });
  // Who is named by an address is written to there.
  expect(config.owners.get('s@x.y')).toEqual({ channels: [], email: 's@x.y' });
  expect(config.reviewLinks).toBe(false);
});

test('the key of links is a secret, and may stand in a file', async () => {
  const http = 'http: { publicUrl: "https://k.example" }\n';
  const links = 'reviewLinks: { keyFile: links.key }\n';
  const { config, secrets } = await read(http + links, { 'config/links.key': `${key}\n` });
  expect(secrets.reviewLinkKey).toBe(key);
  expect(config.reviewLinks).toBe(true);
  expect(JSON.stringify({ ...config, secrets })).not.toContain('canary');
});

test.each([
  ['reviews: [{ id: a }, { id: a }]', 'reviews.1.id: a is given twice'],
  ['reviews: [{ id: a, every: 30s }]', 'reviews.0.every: must be at least 1m'],
  ['reviews: [{ id: a, every: 90x }]', 'reviews.0.every: must be a whole, positive duration'],
  ['reviews: [{ id: a, every: "* * *" }]', 'reviews.0.every: is not a cron line'],
  ['reviews: [{ id: a, timezone: Mars }]', 'reviews.0.timezone: is not a time zone'],
  [
    'reviews: [{ id: a, reviewers: boss }]',
    'reviews.0.reviewers: must be owner, or a list of names',
  ],
  ['reviews: [{ id: a, reviewers: [] }]', 'reviews.0.reviewers: must name at least one reviewer'],
  ['reviews: [{ id: a, reviewers: [b@x.y] }]', 'needs a channel of type email to be written to by'],
  ['reviews: [{ id: a, escalateTo: siem }]', 'reviews.0.escalateTo: there is no channel siem'],
  ['reviews: [{ id: a, remind: [14d] }]', 'reviews.0.remind.0: must be shorter than due (14d)'],
  [
    'reviews: [{ id: a, due: 2d, remind: [1d, 3d] }]',
    'reviews.0.remind.1: must be shorter than due (2d)',
  ],
  ['reviews: [{ id: a, of: { owner: [] } }]', 'must name at least one pattern'],
  ['reviews: [{ id: a, sign: true }]', 'reviews.0.sign: unknown key'],
  [`reviewLinks: { key: ${key} }`, 'reviewLinks: needs http.publicUrl'],
  ['reviewLinks: { key: short }', 'reviewLinks.key: must have at least 32 characters'],
])('%s is a mistake', async (line, said) => {
  const mistakes = await mistakesWith(`${line}\n`);
  expect(mistakes.join('\n')).toContain(said);
});

test('a reminder on the last moment before the answers are due is right', async () => {
  await expect(read('reviews: [{ id: a, due: 2d, remind: [47h] }]\n')).resolves.toBeDefined();
});
