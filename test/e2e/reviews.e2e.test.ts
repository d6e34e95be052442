import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../src/config/package-root.ts';
import { openEmbeddedDatabase } from '../../src/record/store/database.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';
import { type MailServer, openMailServer } from '../alert/channels/mail-server.ts';
import { readMail } from '../alert/channels/read-mail.ts';
import { describeBrowser } from '../support/browser.ts';
import { freePort } from '../support/child-server.ts';
import { eventually } from '../support/eventually.ts';
import { findBarriers } from '../support/find-barriers.ts';
import type { Running } from './command.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, type World } from './world.ts';

const tokens = {
  boss: 'token-of-boss-1234567890',
  olga: 'token-of-olga-1234567890',
  storefront: 'token-of-storefront-1234567890',
} as const;
const linkKey = 'a-key-that-only-this-test-has-0123456789';
/** If the clock's first look comes too early after all, there is one every minute. */
const slow = { deadlineMs: 200_000, everyMs: 500 };

/** Those of the inventory that keysweep ships, and that `keysweep demo` uses. */
const owners = ['finance', 'mobile', 'payments', 'risk', 'storefront', 'support'] as const;
/** The keys of that inventory; the vendor does not know two of them. */
const tracked = 58;
const sheetOf = (owner: (typeof owners)[number]) => owners.indexOf(owner);
const shipped = (name: string) => join(packageRoot(), 'config', name);
const mailOf = (owner: string) => `${owner}@shop.example`;

interface Reviewed {
  readonly review: {
    readonly id: string;
    readonly status: string;
    readonly trigger: string;
    readonly keys: number;
    readonly answers: Readonly<Record<string, number>>;
    readonly signature: { readonly person: object; readonly reason: string } | null;
  };
  readonly keys: readonly {
    readonly source: string;
    readonly keyId: string;
    readonly owner: string | null;
    readonly decision: { readonly decision: string; readonly person: object } | null;
  }[];
}

let world: World;
let mails: MailServer;
let running: Running;
let origin: string;

/** The configuration of the demo, with a review that is due each minute. */
async function config(port: number) {
  const { schedules, retention } = parse(await readFile(shipped('keysweep.yaml'), 'utf8'));
  return {
    ...{ schedules, retention },
    alerts: {
      channels: [
        {
          ...{ id: 'mail', type: 'email', from: 'keysweep@shop.example' },
          smtp: `smtp://127.0.0.1:${mails.port}`,
          to: ['security@shop.example'],
        },
      ],
      routes: [{ match: { severity: ['info'] }, channels: ['mail'] }],
      allowPrivateNetworks: true,
    },
    owners: Object.fromEntries(owners.map((owner) => [owner, { email: mailOf(owner) }])),
    http: {
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      tokens: [
        { name: 'boss', token: tokens.boss, role: 'operator' },
        { name: 'olga', token: tokens.olga, role: 'operator' },
        { name: 'storefront', token: tokens.storefront, role: 'viewer' },
      ],
    },
    reviews: [{ id: 'often', every: '* * * * *', due: '14d', escalateTo: 'mail' }],
    reviewLinks: { keyFile: 'links.key' },
  };
}

const mailsTo = (address: string) =>
  mails.received.filter(({ to, message }) => to.includes(address) && /Review|review/.test(message));
const linkIn = (message: string) =>
  /(http:\/\/127\.0\.0\.1:\d+\/reviews\/link\/\S+)/.exec(
    readMail(message).parts.get('text/plain') ?? '',
  )?.[1] ?? '';
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function signIn(page: Page, token: string): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel('Token').fill(token);
  await press(page, 'Sign in');
  await page.waitForURL(`${origin}/`);
}

async function answerAll(page: Page, word: string, reason: string): Promise<number> {
  const choices = page.getByRole('radio', { name: new RegExp(`^${word}:`) });
  for (const choice of await choices.all()) await choice.check();
  await page.getByLabel('Reason for the keys above').fill(reason);
  await press(page, 'Look at my answers');
  await press(page, 'Confirm');
  await page.getByText(/answers were recorded/).waitFor();
  return choices.count();
}

async function answerFirst(page: Page, word: string, reason: string): Promise<void> {
  const card = page.locator('.review-key').first();
  await card.getByRole('radio', { name: new RegExp(`^${word}:`) }).check();
  await card.getByLabel('Why').fill(reason);
  await press(page, 'Look at my answers');
  await page.getByRole('heading', { name: 'Confirm 1 answer?' }).waitFor();
}

async function reportOf(id: string): Promise<Reviewed> {
  const ended = await world.run(['report', '--review', id, '--format', 'json']);
  expect([ended.code, ended.stderr]).toEqual([0, ended.stderr]);
  return readJsonOutput<Reviewed>(ended);
}

/** Makes the campaign of the current minute due; a process looks for it when it starts. */
async function makeReviewDue(review: string): Promise<void> {
  const database = await openEmbeddedDatabase(join(world.folder, 'store'));
  await sql`
    insert into keysweep.review_schedule (review, spec, first_seen_at, decided_until)
    values (${review}, '* * * * * UTC', now(), date_trunc('minute', now()) - interval '30 seconds')
    on conflict (review) do update set decided_until = excluded.decided_until
  `.execute(database.db);
  await database.close();
}

describeBrowser('an access review of the fleet and the inventory of the demo', (openPage) => {
  let id: string;
  let link: string;
  beforeAll(async () => {
    mails = await openMailServer();
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const source = { id: 'flexcharge-sandbox' };
    world = await createWorld({ fleet: sampleFleet, source, config: await config(port) });
    for (const name of ['keys.csv', 'policy.yaml']) {
      await copyFile(shipped(name), join(world.folder, name));
    }
    await writeFile(join(world.folder, 'links.key'), linkKey);
    const swept = await world.run(['sweep', '--fail-on', 'critical']);
    expect([0, 1, 3], swept.stderr).toContain(swept.code);
    mails.received.length = 0;
    await makeReviewDue('often');
    running = world.launch(['start']);
    await running.says('keysweep is ready');
  });
  afterAll(async () => {
    await world?.close();
    await mails?.close();
  });

  test('opens by schedule, once, and mails each owner a link of their own', async () => {
    await eventually(
      'every owner and the security team have a mail',
      () =>
        [...owners.map(mailOf), 'security@shop.example'].every(
          (address) => mailsTo(address).length > 0,
        ),
      slow,
    );
    const listed = await world.run(['reviews', 'list', '--format', 'json']);
    const { reviews } = readJsonOutput<{ reviews: Reviewed['review'][] }>(listed);
    const first = reviews.at(-1);
    expect(first).toMatchObject({ trigger: 'schedule', status: 'open', keys: tracked });
    id = first?.id ?? '';
    const [mail] = mailsTo(mailOf('storefront'));
    link = linkIn(mail?.message ?? '');
    expect(link).toMatch(/\/reviews\/link\/[\da-f-]{36}\.[\w-]{43}$/);
    expect(linkIn(mailsTo(mailOf('payments'))[0]?.message ?? '')).not.toBe(link);
    expect(mailsTo('security@shop.example')[0]?.message).toContain('with nobody to ask');
    const stored = await world.run(['alerts', 'list', '--format', 'json']);
    expect(stored.stdout + running.stderr).not.toContain(link.split('.').at(-1));
    expect(stored.stdout + running.stderr).not.toContain(linkKey);
  });

  test('changes nothing when the link is opened, and keeps an answer that is confirmed', async () => {
    const { page, said } = await openPage();
    for (const method of ['GET', 'GET', 'HEAD']) {
      expect((await fetch(link, { method })).status).toBe(200);
    }
    for (const method of ['OPTIONS', 'PUT', 'DELETE']) {
      expect((await fetch(link, { method })).status).toBe(404);
    }
    await page.goto(link);
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.locator('h1').textContent()).toContain('for an answer: storefront');
    const cards = await page.locator('.review-key').count();
    expect(cards).toBe(10);
    await answerFirst(page, 'Revoke', 'the shop uses another one');
    expect(await findBarriers(page)).toEqual([]);
    expect((await reportOf(id)).review.answers['revoke']).toBe(0);
    await press(page, 'Confirm');
    await page.getByText('1 answer was recorded.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const report = await reportOf(id);
    expect(report.review.answers).toMatchObject({ revoke: 1, keep: 0 });
    const revoked = report.keys.find(({ decision }) => decision !== null);
    expect(revoked).toMatchObject({
      owner: 'storefront',
      decision: {
        decision: 'revoke',
        person: { by: 'storefront', known: 'link', sentTo: mailOf('storefront') },
      },
    });
    const findings = await world.run(['findings', '--rule', 'review-revoke', '--format', 'json']);
    expect(readJsonOutput<{ findings: object[] }>(findings).findings).toMatchObject([
      {
        keyId: revoked?.keyId,
        ...{ status: 'open', severity: 'high', type: 'review-revoke' },
        message: expect.stringContaining('by link sent to storefront@shop.example'),
      },
    ]);
    expect(said).toEqual([]);
  });

  test('refuses a link that somebody changed, and keys of another owner', async () => {
    const changed = [
      link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A'),
      link.replace(/\/[\da-f]{8}-/, '/00000000-'),
      link.replace(/\.[\w-]+$/, '.unsigned'),
    ];
    for (const one of changed) expect((await fetch(one)).status).toBe(410);
    const { keys } = await reportOf(id);
    // The number of a key in a form is its place among all of them.
    const ids = keys.map(({ keyId }) => keyId).sort();
    const other = keys.find(({ owner }) => owner === 'payments')?.keyId ?? '';
    const at = ids.indexOf(other);
    const body = new URLSearchParams({
      ...{ place: String(at), [`decision-${at}`]: 'keep', reason: 'mine now', sure: 'yes' },
    });
    const answer = await fetch(link, { method: 'POST', body });
    expect(await answer.text()).toContain('No answer was chosen');
    const after = (await reportOf(id)).keys.find(({ keyId }) => keyId === other);
    expect(after?.decision).toBeNull();
    const strange = { method: 'POST', body, headers: { origin: 'https://evil.example' } };
    expect((await fetch(link, strange)).status).toBe(403);
  });

  test('lets a viewer who owns keys answer for these, signed in, and for no others', async () => {
    const { page } = await openPage();
    await signIn(page, tokens.storefront);
    await page.goto(`${origin}/reviews`);
    await page.locator(`a[href="/reviews/${id}"]`).click();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'payments' }).click();
    await page.getByText('You are not asked about these keys').waitFor();
    expect(await page.locator('fieldset').count()).toBe(0);
    await page.goto(`${origin}/reviews/${id}/${sheetOf('storefront')}`);
    expect(await findBarriers(page)).toEqual([]);
    await answerFirst(page, 'Keep', 'needed every hour');
    await press(page, 'Confirm');
    await page.getByText('1 answer was recorded.').waitFor();
    const { review, keys } = await reportOf(id);
    expect(review.answers).toMatchObject({ keep: 1, revoke: 0 });
    expect(keys.find(({ decision }) => decision?.decision === 'keep')).toMatchObject({
      decision: { person: { by: 'storefront', known: 'token', sentTo: null } },
    });
    const key = keys.find(({ owner }) => owner === 'payments');
    const api = `${origin}/api/v1/reviews/${id}/decisions`;
    const decisions = [{ source: key?.source, keyId: key?.keyId, decision: 'keep', reason: 'r' }];
    const refused = await fetch(api, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.storefront}`, 'content-type': 'application/json' },
      body: JSON.stringify({ decisions }),
    });
    expect(refused.status).toBe(403);
  });

  test('takes the answers of a whole sheet, with one reason for all of them', async () => {
    const { page } = await openPage();
    await page.goto(linkIn(mailsTo(mailOf('support'))[0]?.message ?? ''));
    expect(await answerAll(page, 'Keep', 'the help desk uses them')).toBe(12);
    const { keys } = await reportOf(id);
    const answered = keys.filter(({ owner }) => owner === 'support');
    const kept = { decision: 'keep', person: { by: 'support', known: 'link' } };
    expect(answered).toHaveLength(12);
    for (const { decision } of answered) expect(decision).toMatchObject(kept);
  });

  test('is signed off by somebody who decided nothing, and its links end', async () => {
    const { page: other } = await openPage();
    await signIn(other, tokens.olga);
    await other.goto(`${origin}/reviews/${id}/${sheetOf('finance')}`);
    await answerFirst(other, 'Not mine', 'no idea whose that is');
    await press(other, 'Confirm');
    await other.getByText('1 answer was recorded.').waitFor();
    const signOff = async (page: Page) => {
      await page.goto(`${origin}/reviews/${id}`);
      await press(page, 'Sign off…');
      expect(await findBarriers(page)).toEqual([]);
      await page.getByLabel('What you state by it').fill('seen and acknowledged');
      await press(page, 'Sign off');
    };
    await signOff(other);
    await other.getByText('somebody who decided nothing in it has to sign off').waitFor();
    const { page } = await openPage();
    await signIn(page, tokens.boss);
    await signOff(page);
    await page.getByText('signed off by boss').first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const { review } = await reportOf(id);
    expect(review).toMatchObject({
      status: 'signed-off',
      signature: { person: { by: 'boss', known: 'token' }, reason: 'seen and acknowledged' },
    });
    expect(review.answers['unanswered']).toBe(tracked - 14);
    expect((await fetch(link)).status).toBe(410);
    for (const format of ['table', 'csv', 'html']) {
      const printed = await world.run(['report', '--review', id, '--format', format]);
      expect([format, printed.code]).toEqual([format, 0]);
      expect(printed.stdout).toContain('unanswered');
      expect(printed.stdout).toContain('no idea whose that is');
    }
  });
});
