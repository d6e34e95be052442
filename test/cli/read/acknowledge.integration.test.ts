import { parse } from 'csv-parse/sync';
import { describe, expect, inject, test } from 'vitest';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { inputs, judgedSweep, someKeys } from '../../record/world.ts';
import { keysweepAfter } from './a-store.ts';

const rules = '\n  - { id: woke, type: reawakened, dormant: 60d, severity: high }\n';
const ago = (days: number) => new Date(Date.now() - days * 86_400_000);

/** The command line at a store in which a key of source prod has woken up. */
function aWokenKey() {
  const using = inputs(someKeys(1, 'prod'), rules);
  const since = { createdOn: ago(400) };
  return keysweepAfter(async (database) => {
    for (const days of [90, 1]) {
      const details = { ...since, lastUsed: ago(days) };
      await judgedSweep(database, using, { key_0: { details } });
    }
  });
}

describe.skipIf(inject('databaseUrl') === undefined)('an acknowledgement', () => {
  test('can be read back everywhere; a second one says who was first, and changes nothing', async () => {
    const keysweep = await aWokenKey();
    const acknowledge = (by: string, reason: string) => {
      const beginning = fingerprint('prod', 'key_0', 'woke').slice(0, 8);
      return keysweep('findings', 'acknowledge', beginning, '--by', by, '--reason', reason);
    };
    const list = async (format: string) =>
      (await keysweep('findings', '--status', 'resolved', '--format', format)).stdout;

    const first = await acknowledge('ann', 'planned restart');
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/^[0-9a-f]+ acknowledged; keysweep start, .* sends this/);

    const [before] = JSON.parse(await list('json')).findings;
    expect(before).toMatchObject({
      ...{ status: 'resolved', resolution: 'acknowledged' },
      acknowledgement: { by: 'ann', known: 'asserted', reason: 'planned restart' },
    });
    expect(parse(await list('csv'), { bom: true, columns: true })).toMatchObject([
      {
        acknowledged_by: 'ann',
        acknowledged_known: 'asserted',
        acknowledged_reason: 'planned restart',
      },
    ]);
    const table = (await list('table')).replaceAll(/\s+/g, ' ');
    expect(table).toMatch(/acknowledged by ann \(asserted\) on \d{4}-\d\d-\d\d: planned restart/);

    const second = await acknowledge('bob', 'me too');
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(second.stderr).toMatch(
      /^[0-9a-f]+ was acknowledged before, by ann \(asserted\) at \d{4}-.*: planned restart; nothing changes\n$/,
    );
    expect(JSON.parse(await list('json')).findings).toEqual([before]);
  });
});
