import { expect, test } from 'vitest';
import { readOpenFindings } from '../../../../src/record/reads/pages/read-open-findings.ts';
import { describeStores } from '../../stores.ts';
import { aTrackedKey, inputs, run, sweep } from '../../world.ts';

const now = new Date('2026-11-29T09:00:00.123Z');

/** When each key was first seen, and the group of its age. */
const seen: readonly (readonly [instant: string, group: number])[] = [
  ['2026-11-30T00:00:00Z', 0],
  ['2026-11-22T09:00:00.123001Z', 0],
  ['2026-11-22T09:00:00.123Z', 1],
  ['2026-10-30T09:00:00.123001Z', 1],
  ['2026-10-30T09:00:00.123Z', 2],
  ['2026-08-31T09:00:00.123001Z', 2],
  ['2026-08-31T09:00:00.123Z', 3],
  ['2020-01-01T00:00:00Z', 3],
];

describeStores('the open findings by age', (get) => {
  test('are as old as whole days say, to the microsecond', async () => {
    const keys = seen.map((_, n) => aTrackedKey(`k${n}`));
    const breaks = { breaks: ['stale'] };
    await sweep(get(), inputs(keys), Object.fromEntries(keys.map(({ keyId }) => [keyId, breaks])));
    expect(await readOpenFindings(get(), new Date(0))).toEqual([
      { severity: 'high', byAge: [8, 0, 0, 0] },
    ]);
    for (const [n, [instant, group]] of seen.entries()) {
      await run(
        get(),
        `update keysweep.finding set first_seen_at = '2040-01-01';
         update keysweep.finding set first_seen_at = '${instant}' where key_text = 'k${n}'`,
      );
      const byAge = [7, 0, 0, 0];
      byAge[group] = (byAge[group] ?? 0) + 1;
      expect([instant, await readOpenFindings(get(), now)]).toEqual([
        instant,
        [{ severity: 'high', byAge }],
      ]);
    }
  });
});
