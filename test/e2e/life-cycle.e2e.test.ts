import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import { readJsonOutput } from './report.ts';
import {
  createWorld,
  describeStacks,
  freshKey,
  staleKey,
  type World,
  webhookSecret,
} from './world.ts';

let world: World;
afterEach(() => world.close());

interface Message {
  readonly type: string;
  readonly data: Readonly<Record<'opened' | 'reopened' | 'resolved', { keyId: string }[]>>;
}

/** What the webhook has received since the last call; each signature is checked. */
function takeMessages(): Message[] {
  const taken = world.receiver.received.splice(0);
  return taken.map(({ body, headers }) => {
    const verified = new Webhook(webhookSecret).verify(body, headers as Record<string, string>);
    return verified as Message;
  });
}

async function sweep(...flags: string[]) {
  const ended = await world.run(['sweep', '--format', 'json', ...flags]);
  return { code: ended.code, ...readJsonOutput(ended) };
}

const openFindings = async () => {
  const ended = await world.run(['findings', '--format', 'json', '--status', 'open']);
  return readJsonOutput<{ findings: { keyId: string }[] }>(ended).findings;
};

describeStacks('night after night', ['embedded', 'redis'], (stack) => {
  test('the webhook gets opened and fixed findings, and nothing after an unchanged night', async () => {
    world = await createWorld({ stack });
    expect(await sweep()).toMatchObject({ code: 1, coverage: { unknown: 0 } });
    const [opened, ...more] = takeMessages();
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      type: 'findings.changed',
      data: { opened: [{ keyId: staleKey.id }], reopened: [], resolved: [] },
    });

    expect((await sweep()).code).toBe(1);
    expect(takeMessages()).toEqual([]);

    world.sandbox.fleet.setKey({ ...staleKey, lastUsed: '-1m' });
    expect((await sweep()).code).toBe(0);
    expect(takeMessages()).toMatchObject([
      { type: 'findings.changed', data: { opened: [], resolved: [{ keyId: staleKey.id }] } },
    ]);

    world.sandbox.fleet.setKey(staleKey);
    await sweep();
    expect(takeMessages()).toMatchObject([
      { type: 'findings.changed', data: { opened: [], reopened: [{ keyId: staleKey.id }] } },
    ]);
  });
});

describe('an absent or incomplete answer of the vendor', () => {
  test('a key that answers 500 is unknown, and its open finding stays open', async () => {
    world = await createWorld();
    await sweep();
    world.sandbox.setFault(`500:${staleKey.id}`);
    const report = await sweep();
    expect(report).toMatchObject({
      code: 3,
      sweep: { status: 'incomplete' },
      coverage: { tracked: 2, audited: 1, unknown: 1 },
      violations: [],
      unknowns: [{ keyId: staleKey.id, rule: null, reason: 'vendor-error' }],
    });
    expect(world.sandbox.requests.keys.get(staleKey.id)).toBe(1 + 2);
    expect(await openFindings()).toMatchObject([{ keyId: staleKey.id }]);
  });

  test('a key without a type is unknown to a rule that matches on type, and not passed', {
    tags: ['all'],
  }, async () => {
    const match = { type: ['secret'] };
    world = await createWorld({
      fleet: [freshKey],
      rules: [{ id: 'secrets', type: 'stale', after: '45d', severity: 'high', match }],
    });
    world.sandbox.setFault(`no-type:${freshKey.id}`);
    expect(await sweep()).toMatchObject({
      code: 3,
      unknowns: [{ keyId: freshKey.id, rule: 'secrets', reason: 'field-unreadable' }],
      keys: [{ verdict: 'unknown' }],
    });
  });

  test('an unknown rule beside a violation below --fail-on is exit 3', {
    tags: ['all'],
  }, async () => {
    world = await createWorld({
      fleet: [staleKey],
      rules: [
        { id: 'stale', type: 'stale', after: '45d', severity: 'low' },
        { id: 'scopes', type: 'over-scoped', allow: ['*'], severity: 'high' },
      ],
    });
    world.sandbox.setFault('null-scopes');
    expect((await sweep('--fail-on', 'high')).code).toBe(3);
    expect((await sweep('--fail-on', 'low')).code).toBe(1);
  });

  test('refused credentials make every key unknown with one token request for all', async () => {
    const fleet = Array.from({ length: 450 }, (_, at) => ({ ...freshKey, id: `key_${at}` }));
    world = await createWorld({ fleet, source: { appSecret: 'wrong-secret' } });
    const report = await sweep();
    expect(report.code).toBe(3);
    expect(report.unknowns).toHaveLength(450);
    expect(new Set(report.unknowns.map(({ reason }) => reason))).toEqual(new Set(['unauthorized']));
    expect(world.sandbox.requests).toMatchObject({ token: 1, key: 0 });
  });

  test('one key that is refused alone does not make the others unknown', {
    tags: ['all'],
  }, async () => {
    const fleet = Array.from({ length: 450 }, (_, at) => ({ ...freshKey, id: `key_${at}` }));
    world = await createWorld({ fleet });
    world.sandbox.setFault('401:key_7');
    const report = await sweep();
    expect(report.unknowns).toMatchObject([{ keyId: 'key_7', reason: 'unauthorized' }]);
  });

  test('a vendor that is down makes all keys unknown after the attempts, and changes no finding', {
    tags: ['all'],
  }, async () => {
    world = await createWorld();
    await sweep();
    world.sandbox.fleet.setKey({ ...freshKey, lastUsed: '-80d' });
    takeMessages();
    await world.write({ source: { baseUrl: 'http://127.0.0.1:1/v1' } });
    const report = await sweep();
    expect(report.code).toBe(3);
    expect(report.unknowns.map(({ reason }) => reason)).toEqual(['unreachable', 'unreachable']);
    expect(await openFindings()).toMatchObject([{ keyId: staleKey.id }]);
    expect(takeMessages().map(({ type }) => type)).toEqual(['sweep.incomplete']);
  });

  test('a vendor that says when to come back is not asked until then, and no attempt is counted', {
    tags: ['all'],
  }, async () => {
    world = await createWorld({ source: { attempts: 1 } });
    world.sandbox.setFault('429=2s*3');
    const started = performance.now();
    const report = await sweep('--fail-on', 'critical');
    expect(report).toMatchObject({ code: 0, coverage: { unknown: 0 } });
    expect(performance.now() - started).toBeGreaterThan(2_000);
    expect(world.sandbox.requests.key).toBeLessThanOrEqual(3 + 2);
  });
});
