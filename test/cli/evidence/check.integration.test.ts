import { describe, expect, inject, test } from 'vitest';
import { inputs, run, someKeys, sweep } from '../../record/world.ts';
import { keysweepAfter } from '../read/a-store.ts';
import { run as runCommand } from '../run.ts';

const nights = (edit?: string) =>
  keysweepAfter(async (database) => {
    await sweep(database, inputs(someKeys(3)), { key_1: { breaks: ['stale'] } });
    await sweep(database, inputs(someKeys(3)), { key_1: { breaks: ['stale'] } });
    if (edit !== undefined) await run(database, edit);
  });

describe.skipIf(inject('databaseUrl') === undefined)('keysweep evidence check', () => {
  test('exits 0 where the records are as the log says', async () => {
    const keysweep = await nights();
    const { code, stdout } = await keysweep('evidence', 'check');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^no difference: \d+ leaves, 2 sweeps and 6 keys were compared\nsignatures were not verified: the configuration has no key of the log \(evidence.keyFile\)\n$/,
      ),
    ]);
    const later = await keysweep('evidence', 'check', '--from', '2099-01-01', '--format', 'json');
    expect(JSON.parse(later.stdout)).toMatchObject({
      ...{ sweeps: 0, keys: 0, differences: [] },
      ...{ checkpoints: 0, signatures: 'not-verified' },
    });
  });

  test('prints a line for each difference and exits 1', async () => {
    const keysweep = await nights('update keysweep.pack set verdicts[2] = 1 where sweep_id = 2');
    const { code, stdout } = await keysweep('evidence', 'check');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^leaf \d+, sweep [0-9a-f-]{36}, key prod\/key_1: the key was changed: verdict, was fail, is now pass$/m,
    );
    expect(stdout).toMatch(/^\d differences: \d+ leaves/m);
    const asJson = await keysweep('evidence', 'check', '--format', 'json');
    const { differences } = JSON.parse(asJson.stdout) as { differences: object[] };
    expect(asJson.code).toBe(1);
    expect(differences).toContainEqual(
      expect.objectContaining({ code: 'key', keyId: 'key_1', was: 'fail', is: 'pass' }),
    );
  });
});

test.each([
  [['--from', 'yesterday'], /--from yesterday: must be a day/],
  [['--from', '2026-11-02', '--to', '2026-11-01'], /--from 2026-11-02 is not before --to/],
])('refuses the time %j before anything is opened', async (given, words) => {
  const { code, stderr } = await runCommand(['evidence', 'check', ...given]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
});
