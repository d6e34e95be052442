import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type FindingChange, parseChanges } from '../../../src/evidence/changes.ts';
import { keepSweepChanges } from '../../../src/record/log/keep-sweep-changes.ts';
import { readObject } from '../../../src/record/log/log-objects.ts';
import { describeOwnStores } from '../stores.ts';
import { all, aSource, inputs, one, run, someKeys, sweep } from '../world.ts';
import { leafOf, nameOf } from './leaves.ts';

const breaks = ['stale'];

describeOwnStores('what a closing keeps of the changes of findings', (get) => {
  /** The object of this name, which is canonical. */
  const changesOf = async (name = '') => {
    const text = (await readObject(get().db, name)) ?? '';
    expect(nameOf(text)).toBe(name);
    const changes = parseChanges(text);
    if (changes === undefined) throw new Error(`this is not canonical: ${text}`);
    return { ...changes, events: [...changes.events] };
  };
  const toldOf = async (sweepId: string) =>
    changesOf((await leafOf(get(), 'sweep-closed', sweepId)).subjects.changes);

  test('is in the order of fingerprints, and says since when each finding has been open', async () => {
    const source = aSource();
    const using = inputs(someKeys(20, source));
    const broken = Object.fromEntries(someKeys(20).map(({ keyId }) => [keyId, { breaks }]));
    const opened = await toldOf((await sweep(get(), using, broken)).sweepId);
    const fingerprints = opened.events.map(({ finding }) => finding);
    expect(fingerprints).toHaveLength(20);
    expect(fingerprints).toEqual([...fingerprints].sort());
    expect(new Set(opened.events.map(({ kind, since, at }) => `${kind} ${at - since}`))).toEqual(
      new Set(['opened 0']),
    );
    const { key_7: _, ...others } = broken;
    const resolved = await toldOf((await sweep(get(), using, others)).sweepId);
    const ofKey = ({ events }: { events: FindingChange[] }) =>
      events.find(({ keyId }) => keyId === 'key_7');
    const since = ofKey(opened)?.at;
    expect(resolved.events).toEqual([
      {
        ...{ ...ofKey(opened), kind: 'resolved', resolution: 'fixed', since },
        at: expect.any(Number),
      },
    ]);
    const { seen } = await one<{ seen: Date }>(
      get(),
      `select min(first_seen_at) as seen from keysweep.finding where state = 'open'`,
    );
    expect(resolved.standing).toEqual([
      { rule: 'stale', open: 19, waived: 0, since: seen.getTime() },
    ]);
    const again = await toldOf((await sweep(get(), using, broken)).sweepId);
    expect(again.events).toMatchObject([{ keyId: 'key_7', kind: 'reopened' }]);
    expect(again.events[0]?.since).toBe(again.events[0]?.at);
  });

  test('says what stands after full sweeps only', async () => {
    const keys = someKeys(2, aSource());
    const { sweepId } = await sweep(get(), inputs(keys));
    expect((await toldOf(sweepId)).standing).toEqual([]);
    const partial = await sweep(get(), inputs(keys), {}, keys.slice(1));
    expect(await toldOf(partial.sweepId)).toEqual({
      ...{ version: 1, sweep: partial.sweepId, events: [], standing: null },
    });
  });

  test('leaves out reminders, and what came after the closing', async () => {
    const source = aSource();
    const { sweepId } = await sweep(get(), inputs(someKeys(3, source)), { key_1: { breaks } });
    const told = await toldOf(sweepId);
    const { id } = await one<{ id: number }>(get(), `select max(id) as id from keysweep.sweep`);
    const add = (kind: string, when: string) => `
      insert into keysweep.finding_event (finding_id, sweep_id, kind, at, facts)
      select f.id, s.id, '${kind}', ${when}, '{}' from keysweep.finding f, keysweep.sweep s
      where s.id = ${id} and f.source = '${source}'`;
    await run(get(), add('reminder', 's.closed_at'));
    await run(get(), add('lapsed', `s.closed_at + interval '1 millisecond'`));
    const kept = async () =>
      get().transact((tx) => keepSweepChanges(tx, { id, uuid: sweepId, scope: 'full' }));
    expect(await changesOf(await kept())).toEqual(told);
    await run(get(), add('lapsed', 's.closed_at'));
    expect((await changesOf(await kept())).events).toHaveLength(2);
  });

  test('is canonical JSON, whatever a key and controls are called', async () => {
    const source = aSource();
    const using = inputs(someKeys(2, source));
    const { sweepId } = await sweep(get(), using, { key_0: { breaks } });
    // All that JSON escapes, and what it does not: DEL, line separators, two UTF-16 units.
    const ascii = Array.from({ length: 127 }, (_, at) => String.fromCharCode(at + 1)).join('');
    const hostile = `${ascii}\u0085\u2028\u2029\ufeff\uffff\u{1f511}é`;
    const controls = [hostile, '', '}', 'null'];
    await sql`
      update keysweep.finding set key_text = ${hostile}, controls = ${controls}
      where source = ${source}
    `.execute(get().db);
    await sql`
      update keysweep.finding_event set resolution = 'fixed' where kind = 'opened'
    `.execute(get().db);
    const [row] = await all<{ id: number }>(
      get(),
      `select id from keysweep.sweep where uuid = '${sweepId}'`,
    );
    const of = { id: row?.id ?? 0, uuid: sweepId, scope: 'full' } as const;
    const told = await changesOf(await get().transact((tx) => keepSweepChanges(tx, of)));
    expect(told.events.filter(({ keyId }) => keyId === hostile)).toMatchObject([
      { source, resolution: 'fixed', controls },
    ]);
  });
});
