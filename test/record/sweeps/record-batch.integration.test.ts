import { expect, test } from 'vitest';
import { BatchHeld, LeaseLost } from '../../../src/record/store/errors.ts';
import { claimBatch, releaseLease, renewLease } from '../../../src/record/sweeps/claim-batch.ts';
import { recordBatch } from '../../../src/record/sweeps/record-batch.ts';
import { readClock } from '../../../src/timing/database-clock.ts';
import { describePostgres, describeStores } from '../stores.ts';
import { all, answer, aSource, claim, inputs, one, open, record, run, someKeys } from '../world.ts';

interface KeyRow {
  key_id: string;
  verdict: number | null;
  judgement: { u?: [string | null, string, string][] } | null;
}

function keyRows(sweepId: string) {
  return `select k.key_id, s.verdict, s.judgement from keysweep.sweep_key s
    join keysweep.sweep w on w.id = s.sweep_id join keysweep.tracked_key k on k.id = s.key_id
    where w.uuid = '${sweepId}' order by k.id`;
}

describeStores('claiming and recording a batch', (get) => {
  const endLease = (sweepId: string) =>
    run(
      get(),
      `update keysweep.sweep_batch b set leased_until = now() from keysweep.sweep s
       where s.id = b.sweep_id and s.uuid = '${sweepId}'`,
    );

  test('refuses a batch that another worker holds, and says for how long', async () => {
    const opened = await open(get(), inputs(someKeys(2, aSource())));
    await claim(get(), opened, 0, 20_000);

    const refused = await claimBatch(get(), opened.sweepId, 0, 20_000).catch((error) => error);
    expect(refused).toBeInstanceOf(BatchHeld);
    expect(refused.retryInMs).toBeGreaterThan(15_000);
    expect(refused.retryInMs).toBeLessThanOrEqual(20_000);
  });

  test('gives a batch to the next worker when its lease has ended, and refuses the former holder', async () => {
    const opened = await open(get(), inputs(someKeys(2, aSource())));
    const old = await claim(get(), opened, 0);
    await endLease(opened.sweepId);
    const next = await claim(get(), opened, 0);

    await expect(record(get(), old, { key_0: { breaks: ['stale'] } })).rejects.toThrow(LeaseLost);
    const written = await all<KeyRow>(get(), keyRows(opened.sweepId));
    expect(written.map(({ verdict }) => verdict)).toEqual([null, null]);
    expect(await record(get(), next)).toEqual({ pending: 0, last: true });
  });

  test('neither renews nor releases a lease that another worker holds now', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    const old = await claim(get(), opened, 0);
    await endLease(opened.sweepId);
    await claim(get(), opened, 0, 20_000);
    await releaseLease(get(), old);
    await renewLease(get(), old, 1);
    await expect(claimBatch(get(), opened.sweepId, 0, 1_000)).rejects.toThrow(BatchHeld);
  });

  test('keeps a lease that is renewed', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    const held = await claim(get(), opened, 0);
    await endLease(opened.sweepId);
    await renewLease(get(), held, 20_000);
    await expect(claimBatch(get(), opened.sweepId, 0, 1_000)).rejects.toThrow(BatchHeld);
  });

  test('hands out a released batch at once, with a higher fence', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    const first = await claim(get(), opened);
    await releaseLease(get(), first);
    const second = await claim(get(), opened);
    expect(second.fence).toBe(first.fence + 1);
    await expect(record(get(), first)).rejects.toThrow(LeaseLost);
  });

  test('gives no claim on a batch that is done', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    await record(get(), await claim(get(), opened));
    expect(await claimBatch(get(), opened.sweepId, 0, 1_000)).toBeUndefined();
  });

  test('counts attempts, gives the batch back, and shows the next worker what is pending', async () => {
    const opened = await open(get(), inputs(someKeys(3, aSource())));
    const first = await claim(get(), opened);
    const [late] = first.keys;
    if (late === undefined) throw new Error('no key');
    const unanswered = [
      { pending: late, attempts: 2, reason: 'timeout' as const, detail: 'HTTP 504' },
    ];

    expect(await record(get(), first, {}, unanswered)).toEqual({ pending: 1, last: false });
    const second = await claim(get(), opened);
    expect(second.keys).toEqual([{ ...late, attempts: 2 }]);
    expect(await record(get(), second)).toEqual({ pending: 0, last: true });
  });

  test('leaves no row of a key behind when its batch is packed, whichever way it came there', async () => {
    const opened = await open(get(), inputs(someKeys(3, aSource())));
    const failed = await claim(get(), opened);
    const unanswered = failed.keys.map((pending) => ({
      ...{ pending, attempts: 1, reason: 'timeout' as const, detail: 'HTTP 504' },
    }));
    const none = { judged: [], sourceRefused: false, retryInMs: 1 };
    await recordBatch(get(), failed, { ...none, unanswered });
    expect(await record(get(), await claim(get(), opened))).toEqual({ pending: 0, last: true });
    const left = `select count(*)::integer as n from keysweep.key_result r
      join keysweep.sweep w on w.id = r.sweep_id where w.uuid = '${opened.sweepId}'`;
    expect(await one(get(), left)).toEqual({ n: 0 });
    const attempts = `select b.attempts from keysweep.sweep_batch b
      join keysweep.sweep w on w.id = b.sweep_id where w.uuid = '${opened.sweepId}'`;
    expect(await one(get(), attempts)).toEqual({ attempts: 3 });
  });

  test('gives a key its verdict once: a later one changes neither it nor its findings', async () => {
    const source = aSource();
    const opened = await open(get(), inputs(someKeys(2, source)));
    const batch = await claim(get(), opened);
    const [first, second] = batch.keys;
    if (first === undefined || second === undefined) throw new Error('no keys');
    const outcome = (saying: object) => ({
      judged: [answer(first, readClock(batch.clock), saying)],
      unanswered: [
        { pending: second, attempts: 1, reason: 'timeout' as const, detail: 'HTTP 504' },
      ],
      sourceRefused: false,
      retryInMs: 1_000,
    });
    await recordBatch(get(), batch, outcome({}));
    const later = new Date(readClock(batch.clock).getTime() + 1_000);
    await recordBatch(get(), batch, outcome({ breaks: ['stale'], at: later }));

    const [row] = await all<KeyRow>(get(), keyRows(opened.sweepId));
    expect(row?.verdict).toBe(1);
    const count = `select count(*)::integer as n from keysweep.finding f
      join keysweep.tracked_key k on k.id = f.key_id where k.source = '${source}'`;
    expect(await one(get(), count)).toEqual({ n: 0 });
  });

  test('records for the other batches that a source refused its credentials', async () => {
    const opened = await open(get(), inputs(someKeys(201, aSource())));
    const batch = await claim(get(), opened, 0);
    await recordBatch(get(), batch, {
      judged: batch.keys.map((key) => answer(key, readClock(batch.clock), { unknown: true })),
      unanswered: [],
      sourceRefused: true,
      retryInMs: 1_000,
    });
    expect((await claim(get(), opened, 1)).sourceRefused).toBe(true);
  });

  const refused = {
    'a NUL in its name': { details: { name: 'a\u0000b' } },
    'a lone surrogate in a scope': { details: { scopes: ['\ud800'] } },
    'a last use before the year 1': { details: { lastUsed: new Date('0000-01-01T00:00:00Z') } },
    'a last use after the year 9999': { details: { lastUsed: new Date(8.64e15) } },
  };
  for (const [claimed, saying] of Object.entries(refused)) {
    test(`makes a key with ${claimed} unknown and keeps its 199 neighbours`, async () => {
      const opened = await open(get(), inputs(someKeys(200, aSource())));
      const batch = await claim(get(), opened);
      expect(await record(get(), batch, { key_77: saying })).toEqual({ pending: 0, last: true });

      const rows = await all<KeyRow>(get(), keyRows(opened.sweepId));
      expect(rows.filter(({ verdict }) => verdict === 1)).toHaveLength(199);
      const [odd] = rows.filter(({ verdict }) => verdict !== 1);
      expect(odd).toMatchObject({ key_id: 'key_77', verdict: 4 });
      expect(odd?.judgement?.u?.[0]?.slice(0, 2)).toEqual([null, 'invalid-response']);
    });
  }

  test('stores an invalid date as unreadable', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    const none = new Date(Number.NaN);
    const details = { createdOn: none, lastUsed: none };
    await record(get(), await claim(get(), opened), { key_0: { details } });
    const content = await one<{ content: object }>(
      get(),
      'select content from keysweep.observation order by id desc limit 1',
    );
    expect(content.content).toMatchObject({ lastUsed: 'unreadable' });
    expect(content.content).not.toHaveProperty('createdOn');
  });
});

describePostgres('batches recorded at once', (get) => {
  test('exactly one of the last two batches is the last, in each of 40 rounds', async () => {
    const using = inputs(someKeys(201, aSource()));
    for (let round = 0; round < 40; round += 1) {
      const opened = await open(get(), using);
      const claimed = await Promise.all([claim(get(), opened, 0), claim(get(), opened, 1)]);
      const recorded = await Promise.all(claimed.map((batch) => record(get(), batch)));
      expect(recorded.filter(({ last }) => last)).toHaveLength(1);
      expect(recorded.every(({ pending }) => pending === 0)).toBe(true);
    }
  });

  test('one of several workers gets the batch', async () => {
    const opened = await open(get(), inputs(someKeys(3, aSource())));
    const claims = Array.from({ length: 8 }, () => claimBatch(get(), opened.sweepId, 0, 5_000));
    const settled = await Promise.allSettled(claims);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
