import { expect, test } from 'vitest';
import { closeSweep } from '../../../src/record/closing/close-sweep.ts';
import { LeaseLost } from '../../../src/record/store/errors.ts';
import { describeStores, type GetDatabase } from '../stores.ts';
import {
  alerting,
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
  run,
  someKeys,
  sweep,
} from '../world.ts';

const row = (get: GetDatabase, sweepId: string) =>
  one<Record<string, unknown> & { id: number }>(
    get(),
    `select id, status, pass, fail, waived, unknown, partial, closed_at is not null as closed
     from keysweep.sweep where uuid = '${sweepId}'`,
  );

const pastDeadline = (get: GetDatabase, sweepId: string) =>
  run(get(), `update keysweep.sweep set deadline_at = now() where uuid = '${sweepId}'`);

describeStores('closing a sweep', (get) => {
  test('counts verdicts, and keys with an unknown rule beside a violation', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(5, aSource())), {
      key_0: { breaks: ['stale'] },
      key_1: { breaks: ['stale'], unjudged: ['old'] },
      key_2: { unknown: true },
      key_3: { unjudged: ['old'] },
    });
    const counts = { pass: 1, fail: 2, waived: 0, unknown: 2, partial: 1 };
    expect(await row(get, sweepId)).toMatchObject({
      status: 'incomplete',
      closed: true,
      ...counts,
    });
  });

  test('is complete when nothing is unknown, whatever fails', async () => {
    const broken = { key_0: { breaks: ['stale'] } };
    const { sweepId } = await sweep(get(), inputs(someKeys(2, aSource())), broken);
    expect(await row(get, sweepId)).toMatchObject({ status: 'complete', pass: 1, fail: 1 });
  });

  test('waits for open batches, and closes only once', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    expect(await closeSweep(get(), opened.sweepId, alerting)).toBeUndefined();
    await record(get(), await claim(get(), opened), { key_0: { breaks: ['stale'] } });
    expect((await close(get(), opened.sweepId)).alerts).not.toEqual([]);
    expect(await closeSweep(get(), opened.sweepId, alerting)).toBeUndefined();
  });

  test('makes pending keys unknown with their reason at the deadline, and refuses a late worker', async () => {
    const source = aSource();
    const opened = await open(get(), inputs(someKeys(201, source)));
    await record(get(), await claim(get(), opened, 1));
    const first = await claim(get(), opened, 0);
    const [refused] = first.keys;
    if (refused === undefined) throw new Error('no key');
    const failure = { reason: 'rate-limited', detail: 'HTTP 429' } as const;
    await record(get(), first, {}, [{ pending: refused, attempts: 1, ...failure }]);
    const late = await claim(get(), opened, 0);
    await pastDeadline(get, opened.sweepId);
    await close(get(), opened.sweepId);

    expect(await row(get, opened.sweepId)).toMatchObject({ unknown: 1, pass: 200 });
    const judgement = `select s.judgement->'u'->0->>1 as reason from keysweep.sweep_key s
      join keysweep.sweep w on w.id = s.sweep_id
      where w.uuid = '${opened.sweepId}' and s.verdict = 4`;
    expect(await one(get(), judgement)).toEqual({ reason: 'rate-limited' });
    const lateWrite = record(get(), late, { key_0: { breaks: ['stale'] } });
    await expect(lateWrite).rejects.toThrow(LeaseLost);
    expect(await findings(get(), source)).toEqual([]);
  });

  test('finds keys unaudited if their sweeps end at the deadline every night', async () => {
    const source = aSource();
    const rules = '\n  - { id: silent, type: unaudited, after: 30d, severity: low }\n';
    const opened = await open(get(), inputs(someKeys(201, source), rules));
    await run(
      get(),
      `update keysweep.tracked_key set tracked_at = now() - interval '31 days'
       where source = '${source}' and key_id in ('key_0', 'key_200')`,
    );
    await claim(get(), opened, 0);
    await pastDeadline(get, opened.sweepId);
    const closed = await close(get(), opened.sweepId);
    const told = await changes(get(), closed.alerts.slice(0, 1), source);
    expect(told).toEqual(['opened key_0 silent', 'opened key_200 silent']);
    expect(await row(get, opened.sweepId)).toMatchObject({ unknown: 199, fail: 2 });
  });

  test('closes a sweep at the deadline even if its policy is invalid', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    await run(
      get(),
      `update keysweep.policy set text = 'rules: what', hash = '${opened.sweepId}' where id =
       (select policy_id from keysweep.sweep where uuid = '${opened.sweepId}')`,
    );
    await pastDeadline(get, opened.sweepId);
    await close(get(), opened.sweepId);
    expect(await row(get, opened.sweepId)).toMatchObject({ unknown: 1, closed: true });
  });

  test('writes neither the closing nor alerts when planning the alerts fails', async () => {
    const source = aSource();
    const opened = await open(get(), inputs(someKeys(1, source)));
    await record(get(), await claim(get(), opened), { key_0: { breaks: ['stale'] } });
    const faulty = {
      ...alerting,
      get channels(): string[] {
        throw new Error('a fault');
      },
    };
    await expect(closeSweep(get(), opened.sweepId, faulty)).rejects.toThrow('a fault');

    const { id, ...left } = await row(get, opened.sweepId);
    expect(left).toMatchObject({ closed: false });
    expect(await all(get(), `select 1 from keysweep.alert where sweep_id = ${id}`)).toEqual([]);
    expect(await one(get(), `select leaf, closing from keysweep.sweep where id = ${id}`)).toEqual({
      leaf: null,
      closing: null,
    });
    const { alerts } = await close(get(), opened.sweepId);
    const told = await changes(get(), alerts, source);
    expect(told).toEqual(['opened key_0 stale', 'opened key_0 stale']);
  });

  test('alerts opened before resolved when a re-audit overtakes the night', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    const night = await open(get(), inputs(keys));
    await record(get(), await claim(get(), night), { key_0: { breaks: ['stale'] } });
    const { closed } = await sweep(get(), inputs(keys), {}, keys);
    const story = ['opened key_0 stale', 'resolved key_0 stale'];
    // Both channels are told both, in this order.
    expect(await changes(get(), closed.alerts, source)).toEqual([...story, ...story]);
    const { alerts } = await close(get(), night.sweepId);
    expect(await changes(get(), alerts, source)).toEqual([]);
  });

  test('writes no alert for a night in which nothing changed', async () => {
    const using = inputs(someKeys(2, aSource()));
    const broken = { key_0: { breaks: ['stale'] } };
    await sweep(get(), using, broken);
    expect((await sweep(get(), using, broken)).closed.alerts).toEqual([]);
  });

  test('alerts when the set of unknown keys changes, and when it is empty again', async () => {
    const using = inputs(someKeys(3, aSource()));
    await sweep(get(), using);
    const told = async (...unknown: string[]) => {
      const sayings = Object.fromEntries(unknown.map((key) => [key, { unknown: true }]));
      const { closed } = await sweep(get(), using, sayings);
      return (await bodies(get(), closed.alerts)).map(({ type }) => type);
    };
    const incomplete = ['sweep.incomplete', 'sweep.incomplete'];
    expect(await told('key_1')).toEqual(incomplete);
    expect(await told('key_1')).toEqual([]);
    expect(await told('key_2')).toEqual(incomplete);
    expect(await told()).toEqual(incomplete);
    expect(await told()).toEqual([]);
  });
});
