/** @module-tag all */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/child-server.ts';
import type { Running } from './command.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, staleKey, type World } from './world.ts';

const tokens = { bob: 'token-of-bob-1234567890', eve: 'token-of-eve-1234567890' } as const;
const waits = 'waiver W-1 waits for approval by bob';

let world: World;
let running: Running;
let origin: string;

interface Found {
  readonly status: string;
  readonly waiver: string | null;
  readonly waitsFor?: readonly object[];
}

const ask = (path: string, token: keyof typeof tokens, method = 'GET') => {
  const headers = {
    authorization: `Bearer ${tokens[token]}`,
    accept: path.startsWith('/api/') ? 'application/json' : 'text/html',
    'content-type': 'application/json',
  };
  const body = method === 'GET' ? null : '{}';
  return fetch(origin + path, { method, headers, body });
};
const pages = ['/findings', `/keys/vendor/${staleKey.id}`, '/policy'];
const waitingPages = async () => {
  const told = await Promise.all(pages.map(async (path) => (await ask(path, 'eve')).text()));
  return pages.filter((_, at) => told[at]?.includes(waits) === true);
};
const found = async () => {
  const ended = await world.run(['findings', '--format', 'json']);
  return readJsonOutput<{ findings: Found[] }>(ended).findings;
};

beforeAll(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  world = await createWorld({
    fleet: [staleKey],
    waivers: [
      {
        ...{ id: 'W-1', rule: 'stale-45', keys: [{ source: 'vendor', keyId: staleKey.id }] },
        ...{ reason: 'seasonal job', requestedBy: 'ann', approvedBy: 'bob', expires: '2999-12-31' },
      },
    ],
    config: {
      approvals: 'signed-in',
      http: {
        port,
        tokens: [
          { name: 'bob', token: tokens.bob, role: 'operator' },
          { name: 'eve', token: tokens.eve, role: 'operator' },
        ],
      },
    },
  });
});
afterAll(() => world?.close());

describe('a waiver where approvers have to sign in', () => {
  test('waits while only its file says who approved it, as commands and pages say', async () => {
    expect((await world.run(['config', 'validate'])).stdout).toContain(waits);
    const swept = await world.run(['sweep', '--format', 'json']);
    expect(swept.code).toBe(1);
    expect(readJsonOutput(swept).violations).toMatchObject([{ rule: 'stale-45', status: 'open' }]);
    expect(await found()).toMatchObject([
      { status: 'open', waiver: null, waitsFor: [{ waiver: 'W-1', approvers: ['bob'] }] },
    ]);
    const { stdout } = await world.run(['findings', '--no-color']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('waits for approval by bob');
    running = world.launch(['start']);
    await running.says('keysweep is ready');
    expect(await waitingPages()).toEqual(pages);
  });

  test('counts from the next sweep on once the person it names approves it, and nobody else can', async () => {
    const path = '/api/v1/waivers/W-1/approve';
    const refused = await ask(path, 'eve', 'POST');
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('is to be approved by bob; you are signed in as eve');
    expect(await waitingPages()).toEqual(pages);
    const approved = await ask(path, 'bob', 'POST');
    expect(await approved.json()).toMatchObject({ by: 'bob', known: 'token', waitsFor: [] });
    expect(await waitingPages()).toEqual([]);
    expect(await found()).toMatchObject([{ status: 'open', waiver: null }]);
    const swept = await world.run(['sweep', '--format', 'json']);
    expect([swept.code, readJsonOutput(swept).violations]).toMatchObject([
      0,
      [{ rule: 'stale-45', status: 'waived', waiver: 'W-1' }],
    ]);
    expect(await found()).toMatchObject([{ status: 'waived', waiver: 'W-1' }]);
    expect((await world.run(['config', 'validate'])).stdout).not.toContain('waits');
    const page = await (await ask('/policy', 'eve')).text();
    expect(page).toContain('approved by <bdi>bob (by token)</bdi>');
  });
});
