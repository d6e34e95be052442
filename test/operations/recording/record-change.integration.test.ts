import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { AccessRefused, type Caller } from '../../../src/operations/caller.ts';
import { type OperationName, registry } from '../../../src/operations/index.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import {
  recordRefusedJob,
  toQueuedChange,
} from '../../../src/operations/recording/queued-change.ts';
import { recordChange } from '../../../src/operations/recording/record-change.ts';
import { countDenials, type Denied } from '../../../src/record/audit-log/count-denials.ts';
import { recordAsked, recordEnd } from '../../../src/record/audit-log/record-asked.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import { refuseRequest, writeRequest } from '../../../src/record/sweeps/requests.ts';
import { describeStores } from '../../record/stores.ts';
import { all, aSource, run, someKeys } from '../../record/world.ts';

interface Row {
  readonly who: string | null;
  readonly role: string | null;
  readonly asserted: string | null;
  readonly what: string;
  readonly input: object;
  readonly origin: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly request_id: string | null;
  readonly times: number;
}

const words = { reason: null, requestedBy: null };
const day = 86_400_000;

describeStores('the audit record', (get) => {
  const denials: Denied[] = [];
  const as = (name: string, role: Caller['role'] = 'operator') => {
    const config = { inventory: keepKeys(someKeys(2, 'here')) } as unknown as Config;
    const wake = { request: async () => undefined, alerts: async () => undefined };
    const operationsFor = createLocalOperations(
      get(),
      () => config,
      wake,
      (denied) => {
        denials.push(denied);
      },
    );
    return operationsFor({ name, role, from: '192.0.2.7' });
  };
  const rowsOf = (who: string) =>
    all<Row>(get(), `select * from keysweep.audit_record where who = '${who}' order by id`);

  const changes = Object.entries(registry).flatMap(([name, { access }]) =>
    access === 'write' ? [name as OperationName] : [],
  );

  test('has more than one change to keep', () => {
    expect(changes.length).toBeGreaterThan(4);
  });

  test.each(changes)('keeps who asked for %s, whatever comes of it', async (name) => {
    const who = aSource();
    const call = as(who)[name] as (input: object) => Promise<unknown>;
    await call({ by: 'Ann', id: 'nothing', kind: 'these', ids: [], keys: [] }).catch(
      () => undefined,
    );
    expect(await rowsOf(who)).toMatchObject([
      { what: name, role: 'operator', origin: '192.0.2.7', asserted: 'Ann' },
    ]);
    expect((await rowsOf(who))[0]?.outcome).not.toBe('asked');
  });

  test('says that a change was made, and by which request it is carried out', async () => {
    const who = aSource();
    const { request } = await as(who).sweep({ reason: 'because', requestedBy: 'Bob' });
    expect(await rowsOf(who)).toMatchObject([
      {
        outcome: 'done',
        asserted: 'Bob',
        input: { reason: 'because', requestedBy: 'Bob' },
        request_id: request,
        times: 1,
      },
    ]);
  });

  test('says why a change was refused, at once or when it was to be carried out', async () => {
    const who = aSource();
    const keys = [{ source: 'there', keyId: 'key_0' }];
    await as(who)
      .audit({ ...words, keys })
      .catch(() => undefined);
    const { request } = await as(who).sweep(words);
    await refuseRequest(get(), request, 'the inventory is held');
    expect(await rowsOf(who)).toMatchObject([
      { outcome: 'refused', reason: 'no key key_0 of source there is in the inventory' },
      { outcome: 'refused', reason: 'the inventory is held' },
    ]);
  });

  test('of a failure it keeps the code, not words that may hold anything', async () => {
    const who = aSource();
    const means = { database: get(), caller: { name: who, role: 'operator', from: 'local' } };
    const failing = async () => {
      throw Object.assign(new Error('the token is abc'), { code: 'ECONNRESET' });
    };
    const asked = { what: 'sweep', input: {} };
    await expect(recordChange(means as never, asked, failing)).rejects.toThrow('abc');
    expect(await rowsOf(who)).toMatchObject([{ outcome: 'failed', reason: 'ECONNRESET' }]);
  });

  test('the outcome is committed with the change itself', async () => {
    const who = aSource();
    const means = { database: get(), caller: { name: who, role: 'operator', from: 'local' } };
    const seen: (string | undefined)[] = [];
    const look = async () => seen.push((await rowsOf(who))[0]?.outcome);
    await recordChange(means as never, { what: 'sweep', input: {} }, async ({ database }) => {
      await look();
      await database.transact(async () => undefined);
      await look();
    });
    expect(seen).toEqual(['asked', 'done']);
  });

  test('a change that cannot be recorded is not made', async () => {
    const who = aSource();
    await run(get(), 'alter table keysweep.audit_record rename to away');
    const before = await all(get(), 'select from keysweep.request');
    await expect(as(who).sweep(words)).rejects.toThrow();
    await run(get(), 'alter table keysweep.away rename to audit_record');
    expect(await all(get(), 'select from keysweep.request')).toHaveLength(before.length);
  });

  test('reading leaves no record, and what a role does not permit is counted', async () => {
    const who = aSource();
    await as(who, 'viewer').progress({ id: 'none' });
    await expect(as(who, 'viewer').sweep(words)).rejects.toThrow(AccessRefused);
    expect(await rowsOf(who)).toEqual([]);
    expect(denials).toContainEqual({
      who,
      role: 'viewer',
      what: 'sweep',
      origin: '192.0.2.7',
      reason: 'the role viewer does not permit changes',
    });
  });

  test('counts of one hour are one row', async () => {
    const origin = aSource();
    const denied = { who: null, role: null, what: 'sign-in', origin, reason: 'wrong token' };
    const viewer = { ...denied, who: 'v', role: 'viewer' };
    await countDenials(get().db, [
      { ...denied, times: 3 },
      { ...viewer, times: 1 },
    ]);
    await countDenials(get().db, [{ ...denied, times: 2_000_000_000 }]);
    const counted = await all<Row>(
      get(),
      `select * from keysweep.audit_record where origin = '${origin}' order by who nulls first`,
    );
    expect(counted).toMatchObject([
      { who: null, outcome: 'denied', reason: 'wrong token', times: 2_000_000_000 },
      { who: 'v', role: 'viewer', times: 1 },
    ]);
  });

  test('a request of the queue is kept once, with the name that it gives itself', async () => {
    const source = aSource();
    const asked = { ...words, requestedBy: source, keys: [{ source, keyId: 'key_0' }] };
    const write = () => writeRequest(get(), asked, `job of ${source}`, toQueuedChange(asked));
    const id = await write();
    expect(await write()).toBe(id);
    const kept = `select * from keysweep.audit_record where asserted = '${source}'`;
    expect(await all<Row>(get(), kept)).toMatchObject([
      { who: 'queue', role: null, origin: 'queue', what: 'audit', outcome: 'done', request_id: id },
    ]);
  });

  test('a request of the queue that cannot be kept or read leaves a record of its refusal', async () => {
    const source = aSource();
    const nul = String.fromCharCode(0);
    const asked = { reason: nul, requestedBy: source, keys: [{ source, keyId: 'key_0' }] };
    const written = writeRequest(get(), asked, `job of ${source}`, toQueuedChange(asked));
    await expect(written).rejects.toThrow('cannot be kept');
    const context = { database: get(), log: pino({ level: 'silent' }) };
    await recordRefusedJob(context, { requestedBy: source, keys: [nul] }, `no key: ${nul}`);
    const kept = `select * from keysweep.audit_record where asserted = '${source}' order by id`;
    const refused = { who: 'queue', origin: 'queue', what: 'audit', outcome: 'refused' };
    expect(await all<Row>(get(), kept)).toMatchObject([
      { ...refused, reason: 'the request holds characters that cannot be kept' },
      { ...refused, reason: 'no key: \\u0000', input: { keys: ['\\u0000'] } },
    ]);
    for (const data of [null, 'text', [1], 7]) await recordRefusedJob(context, data, source);
    const others = `select input from keysweep.audit_record where reason = '${source}' order by id`;
    expect(await all(get(), others)).toEqual([
      { input: { data: null } },
      { input: { data: 'text' } },
      { input: { 0: 1 } },
      { input: { data: 7 } },
    ]);
  });

  test('is kept as long as the retention says, from its last change on', async () => {
    const ids = [];
    for (const _ of [1, 2, 3]) {
      const id = await recordAsked(get().db, { ...toQueuedChange({}), who: 'old' });
      await recordEnd(get().db, id, { outcome: 'done' });
      ids.push(id);
    }
    const [old, young, counted] = ids;
    const set = (id: string | undefined, at: string, ended: string) =>
      run(
        get(),
        `update keysweep.audit_record set at = now() - interval '${at}',
          ended_at = now() - interval '${ended}' where id = ${id}`,
      );
    await set(old, '10 days 1 second', '10 days 1 second');
    await set(young, '9 days 23 hours 59 minutes', '9 days 23 hours 59 minutes');
    await set(counted, '10 days 1 second', '9 days 23 hours 59 minutes');
    await pruneEvidence(get(), 10 * day);
    const left = `select id from keysweep.audit_record where who = 'old' order by id`;
    expect(await all(get(), left)).toEqual([{ id: young }, { id: counted }]);
  });
});
