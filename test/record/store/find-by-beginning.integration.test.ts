import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { readReport } from '../../../src/record/reads/read-report.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { findFinding, findSweep } from '../../../src/record/store/find-by-beginning.ts';
import { describeStores } from '../stores.ts';
import { aSource, inputs, one, open, run, someKeys, sweep } from '../world.ts';

describeStores('what is named by the beginning of its id', (get) => {
  test('is the sweep with the only id that begins so, in any writing', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(1, aSource())));
    for (const given of [sweepId, sweepId.slice(0, 8), sweepId.toUpperCase().replaceAll('-', '')]) {
      expect(await findSweep(get().db, given)).toMatchObject({ id: sweepId });
    }
    expect((await readReport(get(), sweepId.slice(0, 13)))?.sweep.id).toBe(sweepId);
    for (const given of [randomUUID(), 'zz', '', '%']) {
      expect(await findSweep(get().db, given)).toBeUndefined();
    }
  });

  test('is refused with the candidates if several sweeps begin so', async () => {
    const using = inputs(someKeys(1, aSource()));
    const beginning = randomUUID().slice(0, 6);
    const ids = [];
    for (const digit of ['0', 'f']) {
      const { sweepId } = await sweep(get(), using);
      const id = `${beginning}${digit}${sweepId.slice(7)}`;
      await run(get(), `update keysweep.sweep set uuid = '${id}' where uuid = '${sweepId}'`);
      ids.push(id);
    }
    const refused = await findSweep(get().db, beginning).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RequestRefused);
    for (const id of ids) expect(String(refused)).toContain(`${id} (request, opened 20`);
    expect(await findSweep(get().db, `${beginning}f`)).toMatchObject({ id: ids[1] });
  });

  test('is a finding, by its fingerprint', async () => {
    const source = aSource();
    await sweep(get(), inputs(someKeys(1, source)), { key_0: { breaks: ['stale'] } });
    const whole = fingerprint(source, 'key_0', 'stale');
    const { id } = await one<{ id: number }>(
      get(),
      `select id from keysweep.finding where fingerprint = '${whole}'`,
    );
    expect(await findFinding(get().db, whole.slice(0, 10).toUpperCase())).toBe(id);
    expect(await findFinding(get().db, 'f_')).toBeUndefined();
  });

  test('has no report while the sweep is open, and says so', async () => {
    const { sweepId } = await open(get(), inputs(someKeys(1, aSource())));
    await expect(readReport(get(), sweepId)).rejects.toThrow(`sweep ${sweepId} is still open`);
  });
});
