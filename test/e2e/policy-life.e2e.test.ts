import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { queryRecords } from './records.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

type Arrays = Readonly<
  Record<'opened' | 'resolved' | 'lapsed', { keyId: string; resolution: string; lapse: unknown }[]>
>;

/** What the webhook has received of findings since the last call. */
function takeChanges(): Arrays[] {
  const taken = world.receiver.received.splice(0).map(({ body }) => JSON.parse(body));
  return taken.filter(({ type }) => type === 'findings.changed').map(({ data }) => data);
}

async function sweep() {
  const ended = await world.run(['sweep', '--format', 'json']);
  return { code: ended.code, ...readJsonOutput(ended) };
}

async function listFindings() {
  const ended = await world.run(['findings', '--format', 'json']);
  return readJsonOutput<{
    findings: { fingerprint: string; rule: string; status: string; resolution: string | null }[];
  }>(ended).findings;
}

const day = 86_400_000;
const waiver = {
  id: 'W-1',
  rule: 'stale-45',
  keys: [{ source: 'vendor', keyId: staleKey.id }],
  reason: 'seasonal job',
  requestedBy: 'ann',
  approvedBy: 'bob',
  expires: new Date(Date.now() + 10 * day).toISOString().slice(0, 10),
};

describe('a key that wakes up', () => {
  test('stays a finding until somebody acknowledges it at the command line', {
    tags: ['long'],
  }, async () => {
    const woke = { id: 'woke', type: 'reawakened', dormant: '60d', severity: 'high' };
    world = await createWorld({ fleet: [staleKey], rules: [woke] });
    expect((await sweep()).code).toBe(0);
    world.sandbox.fleet.setKey({ ...staleKey, lastUsed: '-1m' });
    expect(await sweep()).toMatchObject({ code: 1, violations: [{ rule: 'woke' }] });
    expect(takeChanges()).toMatchObject([{ opened: [{ keyId: staleKey.id }] }]);
    expect((await sweep()).code).toBe(1);
    expect(takeChanges()).toEqual([]);

    const [finding] = await listFindings();
    const table = await world.run(['findings']);
    const short = finding?.fingerprint.slice(0, 12) ?? '';
    expect(table.stdout.replace(/\s+/g, ' ')).toContain(short);

    const words = ['findings', 'acknowledge', short, '--by', 'ann', '--reason', 'planned restart'];
    expect(await world.run(words)).toMatchObject({ code: 0, stdout: '' });
    expect((await world.run(words)).code).toBe(0);
    expect(await listFindings()).toMatchObject([
      { status: 'resolved', resolution: 'acknowledged' },
    ]);
    expect((await sweep()).code).toBe(0);
    expect(takeChanges()).toMatchObject([
      { opened: [], resolved: [{ keyId: staleKey.id, resolution: 'acknowledged' }] },
    ]);
  });

  test('is acknowledged through the process that holds the store, unlike a finding of a state', {
    tags: ['long'],
  }, async () => {
    world = await createWorld({ fleet: [staleKey] });
    await sweep();
    const [finding] = await listFindings();
    const holder = world.launch(['start']);
    await holder.says('keysweep is ready');
    const words = ['--by', 'ann', '--reason', 'x'];
    const refuse = (fingerprint: string, ...flags: string[]) =>
      world.run(['findings', 'acknowledge', fingerprint, ...flags]);
    const refused = await refuse(finding?.fingerprint ?? '', ...words);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('can only be mended or waived');
    expect((await refuse('0000000000', ...words)).stderr).toContain('no fingerprint begins with');
    const nobody = await refuse('0000000000', '--by', '', '--reason', 'x');
    expect(nobody).toMatchObject({ code: 2 });
    expect(nobody.stderr).toContain('--by');
  });
});

describe('a waived finding', () => {
  test('is listed everywhere, never alerted, and lapses with its reason when the key changes', {
    tags: ['long'],
  }, async () => {
    world = await createWorld({ waivers: [waiver] });
    expect(await sweep()).toMatchObject({
      code: 0,
      verdicts: { pass: 1, waived: 1, fail: 0 },
      violations: [{ rule: 'stale-45', status: 'waived', waiver: 'W-1' }],
      waivers: [{ id: 'W-1', reason: 'seasonal job', approvedBy: ['bob'] }],
    });
    expect(await listFindings()).toMatchObject([{ status: 'waived' }]);
    const table = await world.run(['report']);
    expect(table.stdout).toMatch(/Waived[\s\S]*W-1/);
    expect(takeChanges()).toEqual([]);

    world.sandbox.fleet.setKey({ ...staleKey, scopes: ['charges:read', 'charges:write'] });
    expect((await sweep()).code).toBe(1);
    expect(takeChanges()).toMatchObject([
      {
        opened: [],
        lapsed: [
          {
            keyId: staleKey.id,
            lapse: { waiver: 'W-1', reason: 'seasonal job', cause: 'key-changed' },
          },
        ],
      },
    ]);
  });

  test.skipIf(!hasStack('redis'))(
    'opens between two sweeps when the day of its waiver is over',
    { tags: ['long'] },
    async () => {
      world = await createWorld({ stack: 'redis', fleet: [staleKey, freshKey], waivers: [waiver] });
      expect((await sweep()).code).toBe(0);
      await queryRecords(world, 'update keysweep.finding set waived_until = now()');
      world.launch(['start']);
      const lapsed = await eventually('the lapse was told', () => takeChanges()[0]);
      expect(lapsed).toMatchObject({ lapsed: [{ lapse: { waiver: 'W-1', cause: 'expired' } }] });
      expect(await listFindings()).toMatchObject([{ rule: 'stale-45', status: 'open' }]);
    },
  );
});
