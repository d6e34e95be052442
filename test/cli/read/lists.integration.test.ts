import { describe, expect, inject, test } from 'vitest';
import { aTrackedKey, inputs, sweep } from '../../record/world.ts';
import { keysweepAfter } from './a-store.ts';

/** Keys of two sources and owners; each breaks two rules, of high and of medium severity. */
function twoOwners() {
  const keys = [
    aTrackedKey('key_1', { owner: 'ann' }),
    aTrackedKey('key_2', { owner: 'bob', source: 'test' }),
  ];
  const both = { breaks: ['stale', 'old'] };
  return keysweepAfter(async (database) => {
    await sweep(database, inputs(keys), { key_1: both, key_2: both });
    await sweep(database, inputs(keys), { key_1: both, key_2: { breaks: ['stale'] } });
  });
}

describe.skipIf(inject('databaseUrl') === undefined)('a list at the command line', () => {
  test('has only the findings that the filters of the command name', async () => {
    const keysweep = await twoOwners();
    const list = async (...filter: string[]) => {
      const { code, stdout } = await keysweep('findings', '--format', 'json', ...filter);
      const { findings } = JSON.parse(stdout) as { findings: { keyId: string; rule: string }[] };
      return [code, ...findings.map(({ keyId, rule }) => `${keyId} ${rule}`)];
    };
    expect(await list()).toEqual([0, 'key_1 stale', 'key_2 stale', 'key_1 old', 'key_2 old']);
    expect(await list('--owner', 'ann')).toEqual([0, 'key_1 stale', 'key_1 old']);
    expect(await list('--rule', 'stale')).toEqual([0, 'key_1 stale', 'key_2 stale']);
    expect(await list('--key', 'key_2')).toEqual([0, 'key_2 stale', 'key_2 old']);
    expect(await list('--source', 'test')).toEqual([0, 'key_2 stale', 'key_2 old']);
    expect(await list('--status', 'resolved')).toEqual([0, 'key_2 old']);
    expect(await list('--severity', 'high')).toEqual([0, 'key_1 stale', 'key_2 stale']);
    const several = ['--owner', 'bob', '--rule', 'old', '--status', 'open'];
    expect(await list(...several)).toEqual([0]);
    expect(await list('--owner', 'ann', '--fail-on', 'high')).toEqual([
      1,
      'key_1 stale',
      'key_1 old',
    ]);
  });

  test('says in a table with `--explain` what to do', async () => {
    const keysweep = await twoOwners();
    const said = /What to do\n +RULE +REMEDY\n +stale +\S/;
    for (const command of ['findings', 'report']) {
      expect((await keysweep(command, '--explain')).stdout).toMatch(said);
      expect((await keysweep(command)).stdout).not.toContain('What to do');
    }
  });

  test('a sweep is reported by the eight digits that the list of sweeps shows of it', async () => {
    const keysweep = await twoOwners();
    const { stdout } = await keysweep('sweeps', 'list');
    const shown = [...stdout.matchAll(/^ {2}([\da-f]{8}) {2}request /gm)];
    expect(shown).toHaveLength(2);
    const [newest, first] = shown.map(([, digits = '']) => digits);
    for (const digits of [newest, first]) {
      const report = await keysweep('report', digits ?? '', '--format', 'json');
      expect(JSON.parse(report.stdout).sweep.id.slice(0, 8)).toBe(digits);
    }
  });
});
