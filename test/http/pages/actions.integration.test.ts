import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../../../src/operations/caller.ts';
import { openRequestedSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { configuredChannels } from '../../alert/channels/outgoing.ts';
import { openReceiver } from '../../alert/channels/receiver.ts';
import { describeStores } from '../../record/stores.ts';
import { claim, close, inputs, open, record } from '../../record/world.ts';
import { openDashboard } from './a-dashboard.ts';
import { shippedConfig, writePast } from './a-past.ts';

const operator: Caller = {
  ...{ name: 'olga', role: 'operator', from: '127.0.0.1' },
  proof: { known: 'token' },
};
const key = JSON.stringify(['flexcharge-sandbox', 'key_checkout_api']);

const form = (...fields: readonly (readonly [string, string])[]): RequestInit => ({
  method: 'POST',
  redirect: 'manual',
  headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(
    fields.map(([name, value]): [string, string] => [name, value]),
  ).toString(),
});

const asBrowser = { headers: { accept: 'text/html' } };

type Ask = Awaited<ReturnType<typeof openDashboard>>['ask'];

/** The page that a form leads to. It has an address, so that one can go back to it. */
async function ledTo(ask: Ask, path: string, init: RequestInit): Promise<string> {
  const answer = await ask(path, init);
  expect(answer.status).toBe(303);
  return (await ask(answer.headers.get('location') ?? '', asBrowser)).text();
}

describeStores('the actions of the pages', (get) => {
  const countRequests = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from keysweep.request
    `.execute(get().db);
    return rows[0]?.count ?? 0;
  };

  test('are for operators only: a viewer sees no button, and is denied', async () => {
    const { ask } = await openDashboard(get());
    expect(await (await ask('/sweeps', asBrowser)).text()).not.toContain('Sweep now');
    const denied = await ask('/actions/sweep', form());
    expect(denied.status).toBe(403);
    expect((await ask('/actions/stop?sweep=1', asBrowser)).status).toBe(403);
    expect(await denied.text()).toContain('The role viewer does not permit changes');
    expect(await countRequests()).toBe(0);
  });

  test('ask for a re-audit once, however often the same form is sent', async () => {
    const { ask } = await openDashboard(get(), operator);
    const page = '2026-11-29T09:00:00.000Z';
    const asked = await ask('/actions/audit', form(['key', key], ['page', page]));
    expect(asked.status).toBe(303);
    const path = asked.headers.get('location') ?? '';
    expect(path).toMatch(/^\/requests\/[0-9a-f-]{36}$/);
    const again = await ask('/actions/audit', form(['key', key], ['page', page]));
    expect(again.headers.get('location')).toBe(path);
    const later = await ask('/actions/audit', form(['key', key], ['page', 'another']));
    expect(later.headers.get('location')).not.toBe(path);
    expect(await countRequests()).toBe(2);
  });

  test.each([
    [[], 'Choose at least one key or finding'],
    [[['key', 'not json']], 'a key that cannot be read'],
    [[['key', JSON.stringify(['nowhere', 'k'])]], 'No key k of source nowhere'],
    [Array.from({ length: 501 }, () => ['finding', 'f'] as const), '500 things at most'],
  ] as const)('refuse a form that names nothing that can be audited', async (fields, why) => {
    const { ask } = await openDashboard(get(), operator);
    const refused = await ask(
      '/actions/audit',
      form(...fields.map(([a = '', b = '']) => [a, b] as const)),
    );
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);
    expect(await refused.text()).toContain(why);
  });

  test('lead to the answer of a re-audit, which is followed until it comes', async () => {
    const { ask } = await openDashboard(get(), operator);
    const config = await shippedConfig();
    const asked = await ask('/actions/audit', form(['key', key]));
    const path = asked.headers.get('location') ?? '';
    const waiting = await (await ask(path, asBrowser)).text();
    expect(waiting).toContain('The request waits for a worker');
    expect(waiting).toContain(`data-live="${path}/live"`);
    expect(waiting).toContain('<noscript><meta http-equiv="refresh"');
    const stream = await ask(`${path}/live`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let said = '';
    const readUntil = async (words: string) => {
      while (!said.includes(words)) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) throw new Error(`the stream ended without ${words}: ${said}`);
        said += value;
      }
    };
    await readUntil('waits for a worker');
    const id = path.split('/').at(-1) ?? '';
    const using = { ...inputs(config.inventory), policy: config.policy };
    const opened = await openRequestedSweep(get(), id, 3_600_000, using);
    if (opened === undefined) throw new Error('the sweep did not open');
    await readUntil('0 of 1 key judged');
    await record(get(), await claim(get(), opened));
    await close(get(), opened.sweepId);
    await readUntil(`event: end\ndata: /sweeps/${opened.sweepId}`);
    const answer = await (await ask(`/sweeps/${opened.sweepId}`, asBrowser)).text();
    expect(answer).toContain('<h2 id="keys">Keys</h2>');
    expect(answer).toContain('key_checkout_api');
  });

  test('ask before they stop a sweep', async () => {
    const { ask } = await openDashboard(get(), operator);
    const config = await shippedConfig();
    const { sweepId } = await open(get(), { ...inputs(config.inventory), policy: config.policy });
    const page = await (await ask(`/sweeps/${sweepId}`, asBrowser)).text();
    expect(page).toContain('Unknown so far');
    const question = await ledTo(ask, '/actions/stop', form(['sweep', sweepId]));
    expect(question).toContain('<h1>Stop this sweep?</h1>');
    expect(await (await ask(`/sweeps/${sweepId}`, asBrowser)).text()).toContain('Unknown so far');
    const stopped = await ask('/actions/stop', form(['sweep', sweepId], ['sure', 'yes']));
    expect(stopped.headers.get('location')).toBe(`/sweeps/${sweepId}`);
    expect(await (await ask(`/sweeps/${sweepId}`, asBrowser)).text()).toContain('58 unknown');
    const refused = await ask('/actions/release', form(['sweep', sweepId], ['sure', 'yes']));
    expect(refused.status).toBe(422);
  });

  test('test a channel, show what came of it, and leave a record of who asked', async () => {
    let status = 200;
    const receiver = await openReceiver((response) => response.writeHead(status).end());
    onTestFinished(() => receiver.close());
    const made = configuredChannels({ url: receiver.origin }, true);
    const channels = { made, configs: [{ id: 'webhook', type: 'webhook' as const }] };
    const { ask } = await openDashboard(get(), operator, channels);
    const page = await (await ask('/alerts', asBrowser)).text();
    expect(page).toContain('name="channel" value="webhook"');
    const sent = async (channel: string) => {
      const answer = await ask('/actions/test-channel', form(['channel', channel]));
      return [answer.status, await answer.text()] as const;
    };
    const [done, told] = await sent('webhook');
    expect(done).toBe(200);
    expect(told).toMatch(
      /role="status">The test message was delivered to <bdi>webhook<\/bdi> \(<bdi>webhook<\/bdi>\) in \d\.\d s/,
    );
    expect(receiver.received).toHaveLength(1);
    status = 500;
    expect((await sent('webhook'))[1]).toMatch(/role="alert">The test message was <bdi>not del/);
    expect((await sent('nowhere'))[0]).toBe(422);
    const notDelivered = expect.stringContaining('not delivered to webhook (webhook): ');
    const noChannel = expect.stringContaining('no channel "nowhere"');
    const { rows } = await sql<object>`
      select who, outcome, reason, input from keysweep.audit_record
      where what = 'testChannel' order by id
    `.execute(get().db);
    expect(rows).toEqual([
      { who: 'olga', outcome: 'done', reason: null, input: { id: 'webhook' } },
      { who: 'olga', outcome: 'failed', reason: notDelivered, input: { id: 'webhook' } },
      { who: 'olga', outcome: 'refused', reason: noChannel, input: { id: 'nowhere' } },
    ]);
    const { ask: asViewer } = await openDashboard(get(), undefined, channels);
    expect(await (await asViewer('/alerts', asBrowser)).text()).not.toContain('Send a test');
    expect((await asViewer('/actions/test-channel', form(['channel', 'webhook']))).status).toBe(
      403,
    );
  });

  test('acknowledge events with a reason, and nothing else', async () => {
    const config = await shippedConfig();
    await writePast(get(), { config, until: new Date('2026-11-29T07:30:00Z'), nights: 7 });
    const { ask } = await openDashboard(get(), operator);
    const printsOf = async (path: string) => {
      const html = await (await ask(path, asBrowser)).text();
      return [...html.matchAll(/name="finding" value="([0-9a-f]+)"/g)].map(([, one]) => one ?? '');
    };
    const [event = ''] = await printsOf('/findings?rule=woke-up');
    const [state = ''] = await printsOf('/findings?rule=owner');
    const chosen = form(['finding', event], ['finding', state]);
    const question = await ledTo(ask, '/actions/acknowledge', chosen);
    expect(question).toContain('<h1>Acknowledge 1 finding?</h1>');
    expect(question).toContain('These follow the state of their keys');
    const because = (reason: string) =>
      form(['finding', event], ['sure', 'yes'], ['reason', reason]);
    for (const reason of ['x'.repeat(1_001), 'x\u0007']) {
      const refused = await ask('/actions/acknowledge', because(reason));
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain('Reason: ');
    }
    // Browsers send the lines of a field so; elsewhere a reason is one line.
    const sure = because(' we used\r\nit again\r\n');
    for (const time of ['the first time', 'again']) {
      const done = await ledTo(ask, '/actions/acknowledge', sure);
      expect(done).toContain('<h1>1 finding is acknowledged</h1>');
      expect(done).toContain('by <bdi>olga (by token)</bdi>: <bdi>we used it again</bdi>');
      expect(done.includes('1 had been acknowledged before')).toBe(time === 'again');
    }
    expect(await printsOf('/findings?rule=woke-up')).not.toContain(event);
    const { rows } = await sql<{ note: { by: string; reason: string } }>`
      select note from keysweep.finding_event where resolution = 'acknowledged'
    `.execute(get().db);
    expect(rows).toMatchObject([
      { note: { by: 'olga', known: 'token', reason: 'we used it again' } },
    ]);
    const nothing = await ledTo(ask, '/actions/acknowledge', form(['finding', state]));
    expect(nothing).toContain('<h1>Nothing to acknowledge</h1>');
    const many = (count: number) =>
      form(...Array.from({ length: count }, () => ['finding', state] as const));
    await ledTo(ask, '/actions/acknowledge', many(100));
    expect((await ask('/actions/acknowledge', many(101))).status).toBe(400);
  });

  test('approve a waiver that names whoever is signed in, and say why others may not', async () => {
    const { ask } = await openDashboard(get(), operator, { approvals: 'signed-in' });
    const policy = async () => (await ask('/policy', asBrowser)).text();
    const [, href = ''] = /href="(\/actions\/approve-waiver[^"]*)"/.exec(await policy()) ?? [];
    const question = await (await ask(href.replaceAll('&amp;', '&'), asBrowser)).text();
    expect(question).toContain('<h1>Approve waiver W-12?</h1>');
    const field = (name: string) =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(question)?.[1];
    const sent = form(['waiver', field('waiver') ?? ''], ['hash', field('hash') ?? '']);
    const refused = await ask('/actions/approve-waiver', sent);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('you are signed in as olga');
    const other = { ...operator, name: 'security' };
    const { ask: asSecurity } = await openDashboard(get(), other, { approvals: 'signed-in' });
    expect((await asSecurity('/actions/approve-waiver', sent)).headers.get('location')).toBe(
      '/policy',
    );
    expect(await policy()).toContain('approved by <bdi>security (by token)</bdi>');
    expect(await policy()).not.toContain('waits for approval');
  });

  test('audit the keys of the findings that were chosen, each once', async () => {
    const { ask } = await openDashboard(get(), operator);
    const { rows: found } = await sql<{ fingerprint: string; source: string; key_text: string }>`
      select fingerprint, source, key_text from keysweep.finding
      where state = 'open' order by source, key_text
    `.execute(get().db);
    const twice = found.findIndex(({ key_text }, at) => key_text === found[at + 1]?.key_text);
    const other = found.find(({ key_text }) => key_text !== found[twice]?.key_text);
    const chosen = [found[twice], found[twice + 1], other].flatMap((one) => one ?? []);
    expect(chosen).toHaveLength(3);
    const asked = await ask(
      '/actions/audit',
      form(...chosen.map(({ fingerprint }) => ['finding', fingerprint] as const)),
    );
    const id = asked.headers.get('location')?.split('/').at(-1);
    const { rows } = await sql<{ keys: readonly (readonly [string, string])[] }>`
      select keys from keysweep.request where id = ${id}::uuid
    `.execute(get().db);
    const expected = new Set(chosen.map((one) => `${one.source} ${one.key_text}`));
    expect(rows[0]?.keys.map((key) => key.join(' ')).sort()).toEqual([...expected].sort());
  });
});
