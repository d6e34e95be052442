import { describe, expect, inject, test } from 'vitest';
import { inputs, run, someKeys, sweep } from '../../record/world.ts';
import { keysweepAfter } from '../read/a-store.ts';

async function aNight(edit?: string) {
  let sweepId = '';
  const keysweep = await keysweepAfter(async (database) => {
    const said = { key_1: { breaks: ['stale'] } };
    sweepId = (await sweep(database, inputs(someKeys(205)), said)).sweepId;
    if (edit !== undefined) await run(database, edit);
  });
  const show = (...given: string[]) => keysweep('evidence', 'show', sweepId.slice(0, 8), ...given);
  return { show, sweepId };
}

describe.skipIf(inject('databaseUrl') === undefined)('keysweep evidence show', () => {
  test('prints what the sweep found of a key, and that the proof holds', async () => {
    const { show, sweepId } = await aNight();
    const { code, stdout } = await show('prod/key_1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^key {11}prod\/key_1$/m);
    expect(stdout).toContain(`sweep         ${sweepId} (complete), closed 20`);
    expect(stdout).toMatch(/^verdict {7}fail$/m);
    expect(stdout).toMatch(/^vendor said {3}\{"name":"Checkout",/m);
    expect(stdout).toMatch(/^signed by {5}nobody$/m);
    expect(stdout).toMatch(/^proof {9}holds: the key is in the tree/m);
    const asJson = JSON.parse((await show('key_204', '--format', 'json')).stdout);
    expect(asJson).toMatchObject({
      holds: { content: true, inventory: true, key: true, leaf: true },
    });
    expect(await show('key_999')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no key that was ever tracked is called key_999'),
    });
  });

  test('says what does not hold, and exits 1', async () => {
    const said = await aNight(
      `update keysweep.observation set content = content || '{"type": "x"}'`,
    );
    expect(await said.show('key_1')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('DOES NOT HOLD: what the vendor said is not what was judged'),
    });
    const verdict = await aNight('update keysweep.pack set verdicts[7] = 4');
    expect(await verdict.show('key_1')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('DOES NOT HOLD: the key is not in the tree of the sweep'),
    });
    const leaf = await aNight(
      `update keysweep.log_leaf set body = 'x' || body
       where n = (select leaf from keysweep.sweep where leaf is not null)`,
    );
    expect(await leaf.show('key_1')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/leaf \d+ of sweep .* cannot be read: .*evidence check/),
    });
  });
});
