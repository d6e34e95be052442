import { expect, test } from 'vitest';
import { releaseSweep } from '../../../src/record/closing/release-sweep.ts';
import { lapseWaivers } from '../../../src/record/findings/lapse-waivers.ts';
import type { WrittenAlert } from '../../../src/record/outbox/write-alerts.ts';
import { readHeldSweeps } from '../../../src/record/reads/read-alerts.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describeStores } from '../stores.ts';
import {
  all,
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
  recordJudged,
  run,
  type Saying,
  someKeys,
  sweep,
} from '../world.ts';

const terms = anAlerting(['siem'], { anomaly: { changed: 0.3, atLeast: 2 } });
const stale: Saying = { breaks: ['stale'] };
const three = { key_0: stale, key_1: stale, key_2: stale };
const opened = ['opened key_0 stale', 'opened key_1 stale', 'opened key_2 stale'];
const resolved = ['resolved key_0 stale', 'resolved key_1 stale', 'resolved key_2 stale'];

describeStores('changes of an anomalous sweep', (get) => {
  /** Four keys that all pass, as one sweep has told. */
  async function world() {
    const source = aSource();
    const keys = someKeys(4, source);
    const using = inputs(keys);
    await sweep(get(), using);
    const told = async (alerts: readonly WrittenAlert[]) => ({
      types: (await bodies(get(), alerts)).map(({ type }) => type),
      changes: await changes(get(), alerts, source),
    });
    const night = async (sayings: Record<string, Saying> = {}) => {
      const { sweepId, closed } = await sweep(get(), using, sayings, undefined, terms);
      return { sweepId, ...(await told(closed.alerts)) };
    };
    const audit = async (n: number, sayings: Record<string, Saying> = {}) => {
      const { closed } = await sweep(get(), using, sayings, keys.slice(n, n + 1), terms);
      return told(closed.alerts);
    };
    const release = async (sweepId: string) => told(await releaseSweep(get(), sweepId, terms));
    const held = async (sweepId: string) =>
      (
        await one<{ held: string | null }>(
          get(),
          `select held from keysweep.sweep where uuid = '${sweepId}'`,
        )
      ).held;
    return { source, keys, using, night, audit, release, held };
  }

  test('wait, and one message reports that', async () => {
    const { night, held, source } = await world();
    const odd = await night(three);
    expect(odd).toMatchObject({ types: ['sweep.anomaly'], changes: [] });
    expect(await held(odd.sweepId)).toBe('held');
    expect(await findings(get(), source)).toEqual([
      'key_0 stale open',
      'key_1 stale open',
      'key_2 stale open',
    ]);
  });

  test('are counted with the waivers of open findings, and without those of new ones', async () => {
    const keys = someKeys(6, aSource());
    const night = async (sayings: Record<string, Saying>, rules?: string) => {
      const opened = await open(get(), inputs(keys, rules));
      await recordJudged(get(), await claim(get(), opened, 0), sayings);
      const { alerts } = await close(get(), opened.sweepId, terms);
      return { sweepId: opened.sweepId, told: await bodies(get(), alerts) };
    };
    const idle: Saying = { details: { lastUsed: new Date('2020-01-01T00:00:00Z') } };
    await night({});
    await night({ key_0: idle });
    const waived = ['key_0', 'key_4'].map((keyId) => ({ source: keys[0]?.source, keyId }));
    const odd = await night(
      { key_0: idle, key_1: idle, key_2: idle, key_3: idle, key_4: idle },
      `
  - { id: stale, type: stale, after: 45d, severity: high }
waivers:
  - { id: W-1, rule: stale, keys: ${JSON.stringify(waived)}, reason: r, requestedBy: a, approvedBy: b, expires: 2999-01-01 }
`,
    );
    expect(odd.told).toMatchObject([{ type: 'sweep.anomaly', data: { held: 4 } }]);
    const sweeps = await readHeldSweeps(get());
    expect(sweeps.find(({ sweep }) => sweep === odd.sweepId)?.held).toBe(4);
    await run(get(), `update keysweep.sweep set anomaly = null where uuid = '${odd.sweepId}'`);
    const counted = await readHeldSweeps(get());
    expect(counted.find(({ sweep }) => sweep === odd.sweepId)?.held).toBe(4);
  });

  test('are alerted at once if they are within the limit', async () => {
    const { night } = await world();
    expect((await night({ key_0: stale })).changes).toEqual(['opened key_0 stale']);
  });

  test('are alerted in the name of their sweep when the next one finds the same', async () => {
    const { night, held } = await world();
    const odd = await night(three);
    const { closed } = { closed: await night(three) };
    expect(closed).toMatchObject({ types: ['findings.changed'], changes: opened });
    expect(await held(odd.sweepId)).toBe('confirmed');
    expect(await night(three)).toMatchObject({ types: [] });
  });

  test('are alerted before the changes of the sweep that confirms them', async () => {
    const { night } = await world();
    await night(three);
    const { types, changes } = await night({ key_0: stale, key_1: stale });
    expect(types).toEqual(['findings.changed', 'findings.changed']);
    expect(changes).toEqual([...opened, 'resolved key_2 stale']);
  });

  test('are not alerted when they have gone back', async () => {
    const { night, held, source } = await world();
    const odd = await night(three);
    expect(await night()).toMatchObject({ types: ['sweep.recovered'], changes: [] });
    expect(await held(odd.sweepId)).toBe('withdrawn');
    expect(await findings(get(), source)).toEqual([
      'key_0 stale resolved fixed',
      'key_1 stale resolved fixed',
      'key_2 stale resolved fixed',
    ]);
    expect((await night({ key_3: stale })).changes).toEqual(['opened key_3 stale']);
  });

  test('are alerted if they have not gone back', async () => {
    const { night } = await world();
    await night(three);
    const back = await night({ key_0: stale });
    expect(back.changes).toEqual(['opened key_0 stale']);
    expect(back.types).toEqual(['findings.changed', 'sweep.recovered']);
    expect((await night()).changes).toEqual(['resolved key_0 stale']);
  });

  test('wait in the other direction too, when all findings resolve at once', async () => {
    const { night } = await world();
    await night(three);
    await night(three);
    expect(await night()).toMatchObject({ types: ['sweep.anomaly'], changes: [] });
    expect((await night()).changes).toEqual(resolved);
  });

  test('are alerted once, when somebody releases them', async () => {
    const { night, release, held } = await world();
    const odd = await night(three);
    const size = () => one(get(), 'select size from keysweep.log_head');
    const closed = await size();
    expect(await release(odd.sweepId)).toEqual({ types: ['findings.changed'], changes: opened });
    expect(await held(odd.sweepId)).toBe('released');
    // The evidence log was told at the closing: a sweep that waits for days is not closed late.
    expect(await size()).toEqual(closed);
    await expect(release(odd.sweepId)).rejects.toThrow(/released before/);
    expect(await night(three)).toMatchObject({ types: [] });
    await expect(release('nothing')).rejects.toThrow(/no sweep id begins with "nothing"/);
  });

  test('end the incident of the anomaly, whichever way the holding ends, with one message to people', async () => {
    const source = aSource();
    const using = inputs(someKeys(4, source));
    const formats = new Map([
      ['siem', 'json'],
      ['oncall', 'pagerduty'],
    ] as const);
    const both = { ...terms, channels: ['siem', 'oncall'], formats };
    await sweep(get(), using);
    const night = async (said: Record<string, Saying> = {}) => {
      const { sweepId, closed } = await sweep(get(), using, said, undefined, both);
      return { sweepId, told: await typesOf(closed.alerts) };
    };
    const typesOf = async (alerts: readonly WrittenAlert[]) => {
      const rows = await all<{ line: string }>(
        get(),
        `select channel || ' ' || type as line from keysweep.alert
         where id in ('${alerts.map(({ id }) => id).join("','")}') and type like 'sweep.%'
         order by line`,
      );
      return rows.map(({ line }) => line);
    };
    const anomaly = ['oncall sweep.anomaly', 'siem sweep.anomaly'];
    expect((await night(three)).told).toEqual(anomaly);
    expect((await night(three)).told).toEqual(['oncall sweep.recovered']);
    const back = await night();
    expect(back.told).toEqual(anomaly);
    const released = await releaseSweep(get(), back.sweepId, both);
    expect(await typesOf(released)).toEqual(['oncall sweep.recovered']);
    expect((await night(three)).told).toEqual(anomaly);
    expect((await night()).told).toEqual(['oncall sweep.recovered', 'siem sweep.recovered']);
  });

  test('go on waiting through a night that observes too few keys', async () => {
    const { night, held } = await world();
    const odd = await night(three);
    const silent = { unknown: true };
    const outage = { key_0: silent, key_1: silent, key_2: silent };
    expect((await night(outage)).types).toEqual(['sweep.incomplete']);
    expect(await held(odd.sweepId)).toBe('held');
    const half = await night({ ...three, key_1: silent, key_3: silent });
    expect(half.changes).toEqual(opened);
    expect(await held(odd.sweepId)).toBe('confirmed');
  });

  const blind: Saying = { unjudged: ['stale'] };
  const unread = { key_0: blind, key_1: blind, key_2: blind, key_3: blind };

  test('are confirmed if no key can be judged any more, and not held again each night', async () => {
    const { night, held } = await world();
    const odd = await night(unread);
    expect(odd.types).toEqual(['sweep.anomaly', 'sweep.incomplete']);
    expect((await night(unread)).types).toEqual([]);
    expect(await held(odd.sweepId)).toBe('confirmed');
    expect((await night(unread)).types).toEqual([]);
    expect((await night({ ...unread, key_3: stale })).changes).toEqual(['opened key_3 stale']);
  });

  test('have gone back when the keys can be judged again', async () => {
    const { night, held } = await world();
    const odd = await night(unread);
    expect((await night()).types).toEqual(['sweep.recovered', 'sweep.incomplete']);
    expect(await held(odd.sweepId)).toBe('withdrawn');
  });

  test('are not confirmed by a sweep that fails keys which could not be judged before', async () => {
    const { night, held } = await world();
    const odd = await night(unread);
    expect(await night(three)).toMatchObject({ changes: [] });
    expect(await held(odd.sweepId)).toBe('held');
  });

  test('are confirmed if most keys left the inventory, and not held again each night', async () => {
    const source = aSource();
    const night = async (count: number, said: Record<string, Saying> = {}) =>
      (await sweep(get(), inputs(someKeys(count, source)), said, undefined, terms)).closed.alerts;
    for (const alerting of [undefined, terms]) {
      await sweep(get(), inputs(someKeys(5, source)), { key_4: stale }, undefined, alerting);
    }
    const types = async (alerts: readonly WrittenAlert[]) =>
      (await bodies(get(), alerts)).map(({ type }) => type);
    expect(await types(await night(2))).toEqual(['sweep.anomaly']);
    expect(await changes(get(), await night(2), source)).toEqual(['resolved key_4 stale']);
    expect(await types(await night(2))).toEqual([]);
  });

  test('are found after an outage too, by comparison with the night before it', async () => {
    const { night } = await world();
    const silent = { unknown: true };
    await night({ key_0: silent, key_1: silent, key_2: silent, key_3: stale });
    const { types, changes } = await night({ ...three, key_3: stale });
    expect([types, changes]).toEqual([['sweep.anomaly', 'sweep.incomplete'], []]);
  });

  test('hold back what a re-audit finds about the same findings, in order', async () => {
    const { night, audit, release } = await world();
    const odd = await night(three);
    expect(await audit(0)).toEqual({ types: [], changes: [] });
    expect((await audit(3, { key_3: stale })).changes).toEqual(['opened key_3 stale']);
    expect((await release(odd.sweepId)).changes).toEqual([...opened, 'resolved key_0 stale']);
  });

  test('are confirmed in order if a re-audit ran during the confirming sweep', async () => {
    const { source, keys, using, night } = await world();
    await night(three);
    const slow = await open(get(), using);
    await record(get(), await claim(get(), slow), { key_1: stale, key_2: stale });
    await sweep(get(), using, { key_0: stale }, keys.slice(0, 1), terms);
    const { alerts } = await close(get(), slow.sweepId, terms);
    expect(await changes(get(), alerts, source)).toEqual([
      ...opened,
      'resolved key_0 stale',
      'reopened key_0 stale',
    ]);
  });

  test('do not hold back a waiver of another key that lapses meanwhile', async () => {
    const { source, night } = await world();
    await night({ key_3: stale });
    await night({ ...three, key_3: { unknown: true } });
    await run(
      get(),
      `update keysweep.finding f set state = 'waived', waived_until = now() - interval '1 minute',
         waiver = '{"id": "W", "hash": "x", "reason": "season"}'
       from keysweep.tracked_key k
       where k.id = f.key_id and k.source = '${source}' and k.key_id = 'key_3'`,
    );
    const told = await changes(get(), await lapseWaivers(get(), terms), source);
    expect(told).toEqual(['lapsed key_3 stale']);
  });

  test('of two different sweeps both wait, and are alerted in order', async () => {
    const { night } = await world();
    await night(three);
    const other = { key_3: { missing: true, breaks: ['gone'] }, key_2: stale };
    expect(await night(other)).toMatchObject({ types: ['sweep.anomaly'], changes: [] });
    const { types, changes } = await night(other);
    expect(types).toEqual(['findings.changed', 'findings.changed']);
    expect(changes).toEqual([
      ...opened,
      'resolved key_0 stale',
      'resolved key_1 stale',
      'opened key_3 gone',
    ]);
  });

  test('are alerted by the next sweep when `anomaly` is no longer configured', async () => {
    const { night, source } = await world();
    await night(three);
    const { closed } = await sweep(get(), inputs(someKeys(4, source)), three);
    expect(await changes(get(), closed.alerts.slice(0, 1), source)).toEqual(opened);
  });
});
