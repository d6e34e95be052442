import { expect, test } from 'vitest';
import { readClock } from '../../../src/timing/database-clock.ts';
import { describeStores } from '../stores.ts';
import {
  aSource,
  bodies,
  changes,
  claim,
  close,
  findings,
  inputs,
  one,
  open,
  record,
  seenFindings,
  someKeys,
  sweep,
} from '../world.ts';

const broken = { key_0: { breaks: ['stale'] } };

describeStores('findings across sweeps', (get) => {
  test('open, stay open, are resolved and reopened, and keep when they were first seen', async () => {
    const source = aSource();
    const using = inputs(someKeys(2, source));
    const look = async () => (await seenFindings(get(), source))[0] ?? expect.fail('no finding');
    await sweep(get(), using, broken);
    const opened = await look();
    expect(opened).toMatchObject({ state: 'open', resolution: null });
    expect(opened.last).toEqual(opened.first);

    await sweep(get(), using, broken);
    const seen = await look();
    expect(seen.first).toEqual(opened.first);
    expect(seen.last.getTime()).toBeGreaterThan(opened.last.getTime());

    await sweep(get(), using, { key_0: { details: { lastUsed: new Date() } } });
    expect(await look()).toMatchObject({ state: 'resolved', resolution: 'fixed' });

    await sweep(get(), using, broken);
    const reopened = await look();
    expect(reopened).toMatchObject({ state: 'open', resolution: null, first: opened.first });
  });

  test('do not change while the key cannot be observed', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source));
    await sweep(get(), using, broken);
    await sweep(get(), using, { key_0: { unknown: true } });
    expect(await findings(get(), source)).toEqual(['key_0 stale open']);
  });

  test('do not resolve on an answer that leaves a rule unknown', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source));
    await sweep(get(), using, broken);
    await sweep(get(), using, { key_0: { unjudged: ['old'] } });
    expect(await findings(get(), source)).toEqual(['key_0 stale open']);
  });

  test('end as missing when the key is missing, which opens its own finding', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source));
    await sweep(get(), using, broken);
    await sweep(get(), using, { key_0: { missing: true, breaks: ['gone'] } });
    expect(await findings(get(), source)).toEqual([
      'key_0 gone open',
      'key_0 stale resolved missing',
    ]);
  });

  test('end as untracked with the next full sweep after their key left, and reopen when it returns', async () => {
    const source = aSource();
    const both = someKeys(2, source);
    await sweep(get(), inputs(both), broken);
    const others = both.slice(1);
    await sweep(get(), inputs(others), {}, others);
    expect(await findings(get(), source)).toEqual(['key_0 stale open']);
    await sweep(get(), inputs(others));
    expect(await findings(get(), source)).toEqual(['key_0 stale resolved untracked']);
    await sweep(get(), inputs(both), broken);
    expect(await findings(get(), source)).toEqual(['key_0 stale open']);
  });

  test('end as policy-changed when the rule was removed, or loosened while the key did not change', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    await sweep(get(), inputs(keys), { key_0: { breaks: ['stale', 'old'] } });
    const loose = inputs(keys, '\n  - { id: stale, type: stale, after: 90d, severity: high }\n');
    await sweep(get(), loose);
    expect(await findings(get(), source)).toEqual([
      'key_0 old resolved policy-changed',
      'key_0 stale resolved policy-changed',
    ]);
  });

  test('end as fixed when the policy was loosened and the key changed too', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    await sweep(get(), inputs(keys), broken);
    const loose = inputs(keys, '\n  - { id: stale, type: stale, after: 91d, severity: high }\n');
    await sweep(get(), loose, { key_0: { details: { lastUsed: new Date() } } });
    expect(await findings(get(), source)).toEqual(['key_0 stale resolved fixed']);
  });

  test('follow the newest observation: an older one that commits later only fills its own sweep', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    const night = await open(get(), inputs(keys));
    const slow = await claim(get(), night);
    const seenAt = readClock(slow.clock);
    await sweep(get(), inputs(keys), {}, keys);

    await record(get(), slow, { key_0: { breaks: ['stale'], at: seenAt } });
    await close(get(), night.sweepId);
    expect(await findings(get(), source)).toEqual([]);
    const verdict = `select fail from keysweep.sweep where uuid = '${night.sweepId}'`;
    expect(await one(get(), verdict)).toEqual({ fail: 1 });
  });

  test('are alerted again if the rule of the same id has another type', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    const { closed } = await sweep(get(), inputs(keys), broken);
    expect(await changes(get(), closed.alerts.slice(0, 1), source)).toEqual(['opened key_0 stale']);
    const other = inputs(keys, '\n  - { id: stale, type: unowned, severity: critical }\n');
    const changed = await sweep(get(), other, broken);
    const told = await changes(get(), changed.closed.alerts.slice(0, 1), source);
    expect(told).toEqual(['reopened key_0 stale']);
    expect((await sweep(get(), other, broken)).closed.alerts).toEqual([]);
    expect(await findings(get(), source)).toEqual(['key_0 stale open']);
  });

  test('of a partial sweep concern no other key (all others archived: prowler #1626)', async () => {
    const source = aSource();
    const keys = someKeys(2, source);
    await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] }, key_1: { breaks: ['old'] } });
    await sweep(get(), inputs(keys), {}, keys.slice(0, 1));
    expect(await findings(get(), source)).toEqual(['key_0 stale resolved fixed', 'key_1 old open']);
  });

  test('are alerted with what is at stake: since when, last used, and the scopes of the key', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source));
    const stale = (details: object) => ({ key_0: { breaks: ['stale'], details } });
    const used = { lastUsed: new Date('2026-09-23T10:00:00Z'), scopes: ['charges:write'] };
    const first = await sweep(get(), using, stale(used));
    const told = async ({ closed }: typeof first, kind: 'opened' | 'reopened') =>
      (await bodies(get(), closed.alerts))[0]?.data[kind]?.[0];
    const opened = await told(first, 'opened');
    expect(opened).toMatchObject({
      keyId: 'key_0',
      firstSeen: expect.stringMatching(/^20\d\d-.*Z$/),
      lastUsed: '2026-09-23T10:00:00.000Z',
      scopes: ['charges:write'],
    });
    await sweep(get(), using);
    const again = await sweep(get(), using, stale({ lastUsed: null, scopes: [] }));
    expect(await told(again, 'reopened')).toMatchObject({
      firstSeen: opened?.firstSeen,
      lastUsed: null,
      scopes: [],
    });
  });

  test('of a missing key show its last known name and type', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source));
    const details = { name: 'ERP connector', type: 'secret', lastFour: '7dc0' };
    await sweep(get(), using, { key_0: { details } });
    await sweep(get(), using, { key_0: { details: { ...details, name: '' } } });
    const { closed } = await sweep(get(), using, { key_0: { missing: true, breaks: ['gone'] } });
    const told = (await bodies(get(), closed.alerts)).flatMap(({ data }) => data.opened ?? []);
    expect(told.find((finding) => finding.source === source)).toMatchObject({
      keyName: 'ERP connector',
      keyType: 'secret',
      lastFour: '7dc0',
    });
  });
});
