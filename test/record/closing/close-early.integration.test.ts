import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { closeEarly } from '../../../src/record/closing/close-early.ts';
import { closeSweep } from '../../../src/record/closing/close-sweep.ts';
import { readSweepsPage } from '../../../src/record/reads/lists/read-sweeps-page.ts';
import { readReport } from '../../../src/record/reads/read-report.ts';
import { LeaseLost, RequestRefused } from '../../../src/record/store/errors.ts';
import { readUnfinished } from '../../../src/record/sweeps/unfinished.ts';
import type { ListedSweep } from '../../../src/report/model.ts';
import { describeStores } from '../stores.ts';
import { alerting, aSource, claim, inputs, open, record, run, someKeys, sweep } from '../world.ts';

describeStores('a sweep that is stopped', (get) => {
  const stop = (id: string) => closeEarly(get(), id, alerting);
  const listed = async (id: string): Promise<ListedSweep | undefined> => {
    const { items } = await readSweepsPage(get(), {}, { limit: 1_000 });
    return items.find((one) => one.id === id);
  };
  const unknowns = async (id: string) => {
    const found = [];
    for await (const one of (await readReport(get(), id))?.unknowns() ?? []) found.push(one);
    return found;
  };
  /** A sweep of which one key is judged, and one is with a worker. */
  const halfDone = async () => {
    const keys = [...someKeys(1, aSource()), ...someKeys(1, aSource())];
    const opened = await open(get(), inputs(keys));
    await record(get(), await claim(get(), opened, 0), { key_0: { breaks: ['stale'] } });
    return { id: opened.sweepId, held: await claim(get(), opened, 1) };
  };

  test('closes as incomplete: its pending keys are unknown, its verdicts stay', async () => {
    const { id } = await halfDone();
    expect(await listed(id)).toMatchObject({
      ...{ status: 'open', stoppedAt: null, closedAt: null, tracked: 2, pending: 1 },
      ...{ coverage: null, verdicts: null },
    });
    const { stopped, alerts } = await stop(id.slice(0, 8));
    expect(stopped).toMatchObject({
      ...{ sweep: id, status: 'incomplete', tracked: 2, unknown: 1, before: false },
    });
    expect(alerts.length).toBeGreaterThan(0);
    expect(await listed(id)).toMatchObject({
      ...{ status: 'incomplete', stoppedAt: expect.any(Date), closedAt: expect.any(Date) },
      ...{ pending: 0, coverage: { tracked: 2, audited: 1, unknown: 1, partial: 0 } },
      verdicts: { pass: 0, fail: 1, waived: 0, unknown: 1 },
    });
    expect(await unknowns(id)).toMatchObject([
      { rule: null, reason: 'timeout', detail: 'the sweep was stopped before an answer came' },
    ]);
  });

  test('takes its batches from their workers, which can write nothing more', async () => {
    const { id, held } = await halfDone();
    await stop(id);
    await expect(record(get(), held)).rejects.toThrow(LeaseLost);
    expect(await unknowns(id)).toHaveLength(1);
  });

  test('stays as it is when it is stopped again', async () => {
    const { id } = await halfDone();
    const first = await stop(id);
    const again = await stop(id);
    expect(again).toEqual({ stopped: { ...first.stopped, before: true }, alerts: [] });
  });

  test('is complete if every key was judged, and only the closing was left', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    await record(get(), await claim(get(), opened));
    const { stopped } = await stop(opened.sweepId);
    expect(stopped).toMatchObject({ status: 'complete', unknown: 0 });
  });

  test('is closed by the next look for lost work if the process died in between', async () => {
    const { id } = await halfDone();
    expect((await readUnfinished(get())).sweeps).not.toContain(id);
    expect(await closeSweep(get(), id, alerting)).toBeUndefined();
    await run(get(), `update keysweep.sweep set stopped_at = now() where uuid = '${id}'`);
    expect((await readUnfinished(get())).sweeps).toContain(id);
    expect(await closeSweep(get(), id, alerting)).toBeDefined();
  });

  test('is refused if it closed by itself, or if there is none', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(1, aSource())));
    const closed = new RegExp(`^sweep ${sweepId} closed at 20.*Z as complete: there is nothing to`);
    await expect(stop(sweepId)).rejects.toThrow(closed);
    expect(await listed(sweepId)).toMatchObject({ status: 'complete', stoppedAt: null });
    const nowhere = randomUUID();
    await expect(stop(nowhere)).rejects.toThrow(RequestRefused);
    await expect(stop(nowhere)).rejects.toThrow(`no sweep id begins with "${nowhere}"`);
  });

  test('is listed among the others, newest first', async () => {
    const using = inputs(someKeys(1, aSource()));
    const older = await sweep(get(), using);
    const newer = await sweep(get(), using);
    const ids = async (limit: number) =>
      (await readSweepsPage(get(), {}, { limit })).items.map(({ id }) => id);
    expect(await ids(2)).toEqual([newer.sweepId, older.sweepId]);
    expect(await ids(1)).toEqual([newer.sweepId]);
  });
});
