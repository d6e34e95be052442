import { expect, test } from 'vitest';
import { parseManifest } from '../../../src/evidence/manifest.ts';
import { readObject } from '../../../src/record/log/log-objects.ts';
import { nameObjects, readManifest } from '../../../src/record/log/read-manifest.ts';
import { describeStores } from '../stores.ts';
import { aSource, inputs, one, run, someKeys, sweep } from '../world.ts';
import { leafOf, nameOf } from './leaves.ts';
import { recomputeManifest } from './recompute-manifest.ts';

describeStores('the leaf of a closed sweep', (get) => {
  const rowOf = async (uuid: string) => {
    const found = `select id from keysweep.sweep where uuid = '${uuid}'`;
    return { ...(await one<{ id: number }>(get(), found)), uuid };
  };

  test('names the sweep, its objects and what it found', async () => {
    const source = aSource();
    const using = inputs(someKeys(250, source));
    const { sweepId } = await sweep(get(), using, { key_7: { breaks: ['stale'] } });
    const { event, subjects } = await leafOf(get(), 'sweep-closed', sweepId);
    expect(event).toMatchObject({
      ...{ sweep: sweepId, status: 'complete', scope: 'full', trigger: 'request' },
      coverage: { tracked: 250, audited: 250, unknown: 0, partial: 0 },
      verdicts: { pass: 249, fail: 1, waived: 0, unknown: 0 },
    });
    const listed = await rowOf(sweepId);
    const objects = await readManifest(get().db, listed);
    const changes = (await readObject(get().db, subjects.changes ?? '')) ?? '';
    expect(subjects).toEqual({
      ...nameObjects(objects),
      policy: using.policy.hash.replace('sha256:', ''),
      changes: nameOf(changes),
    });
    expect(parseManifest(objects.manifestText)?.batches.map(({ keys }) => keys)).toEqual([200, 50]);
    expect(JSON.parse(changes).events).toMatchObject([
      {
        ...{ source, keyId: 'key_7', rule: 'stale', severity: 'high' },
        ...{ kind: 'opened', controls: ['C 1'] },
      },
    ]);
  });

  test('is the one that the row of the sweep names', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(1, aSource())));
    const { leaf } = await one<{ leaf: string }>(
      get(),
      `select leaf from keysweep.sweep where uuid = '${sweepId}'`,
    );
    expect((await leafOf(get(), 'sweep-closed', sweepId)).n).toBe(Number(leaf));
  });

  /** What an administrator may change; `n` is the place of the key in its batch. */
  const edits = {
    'a verdict': 'keysweep.pack p set verdicts[n] = 1',
    'when a key was last used': "keysweep.pack p set last_used[n] = now() - interval '1 day'",
    'why it failed': "keysweep.pack p set judgements[n] = '{}'",
    'when it was observed': 'keysweep.pack p set observed_ms[n] = observed_ms[n] + 1',
    'what the vendor said': 'keysweep.pack p set observation_ids[n] = null',
    'whom it belongs to': 'keysweep.key_list p set entry_ids[n] = 0',
    'the hash of what it said': "keysweep.observation p set hash = '\\x00'",
  };
  const ofKey = {
    pack: 'p.sweep_id = x.sweep_id and p.batch = x.batch',
    key_list: 'p.id = x.list_id',
    observation: 'p.id = x.observation_id',
  };

  test('differs from the evidence after each change in one of 5,500 rows', async () => {
    const source = aSource();
    const breaks = ['stale'];
    const broken = { key_5400: { breaks }, key_5402: { breaks } };
    const { sweepId } = await sweep(get(), inputs(someKeys(5_500, source)), broken);
    const listed = await rowOf(sweepId);
    const digest = async () => nameOf(await recomputeManifest(get().db, listed));
    let before = (await leafOf(get(), 'sweep-closed', sweepId)).subjects.evidence;
    expect(await digest()).toBe(before);
    for (const [at, [edited, change]] of Object.entries(edits).entries()) {
      const table = /keysweep\.(\w+)/.exec(change)?.[1] as keyof typeof ofKey;
      await run(
        get(),
        `update ${change} from (
           select s.*, b.list_id, array_position(l.key_ids, s.key_id) as n
           from keysweep.sweep_key s join keysweep.tracked_key k on k.id = s.key_id
           join keysweep.sweep_batch b on b.sweep_id = s.sweep_id and b.batch = s.batch
           join keysweep.key_list l on l.id = b.list_id
           where s.sweep_id = ${listed.id} and k.source = '${source}'
             and k.key_id = 'key_${5_400 + at}'
         ) x where ${ofKey[table]}`,
      );
      const now = await digest();
      expect(now, edited).not.toBe(before);
      before = now;
    }
    await run(get(), `delete from keysweep.pack where sweep_id = ${listed.id} and batch = 0`);
    expect(await digest()).not.toBe(before);
  });
});
