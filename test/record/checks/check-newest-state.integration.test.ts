import { beforeAll, expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import { describePostgres } from '../stores.ts';
import {
  all,
  aTrackedKey,
  claim,
  close,
  inputs,
  judgedSweep,
  open,
  recordJudged,
  type Saying,
  someKeys,
} from '../world.ts';
import { check } from './check.ts';
import { linesAfter } from './lines-after.ts';

const rules = `
  - { id: stale, type: stale, after: 45d, severity: high }
waivers:
  - { id: W-1, rule: stale, keys: [{ source: prod, keyId: key_2 }], reason: seasonal job,
      requestedBy: ann, approvedBy: bob, expires: 2099-01-31 }
`;
const using = inputs([...someKeys(4), aTrackedKey('key_4', { owner: 'eve' })], rules);
const createdOn = new Date('2020-01-01T00:00:00Z');
const idle: Saying = { details: { createdOn, lastUsed: new Date('2021-01-01T00:00:00Z') } };
const sayings = { key_1: idle, key_2: idle };

describePostgres('comparing what the next sweep starts from with the log', (get) => {
  let newest = '';
  beforeAll(async () => {
    await judgedSweep(get(), using, sayings);
    newest = (await judgedSweep(get(), using, sayings)).sweepId;
  });

  const key = (keyId: string, place: string) =>
    `sweep ${newest}, ${place}, key prod/${keyId}: the key was changed`;

  test('finds nothing where nothing was edited', async () => {
    expect((await check(get())).differences.map(renderDifference)).toEqual([]);
  });

  test('names a key that is tracked no more, or again, without an inventory that says so', async () => {
    const left = `update keysweep.tracked_key set untracked_at = now() where key_id = 'key_3'`;
    expect(await linesAfter(get(), left)).toEqual([
      `${key('key_3', 'its newest state')}: tracked, was yes, is now no`,
    ]);
    const came = `insert into keysweep.tracked_key (source, key_id, entry_id)
      select source, 'key_9', entry_id from keysweep.tracked_key where key_id = 'key_3'`;
    expect(await linesAfter(get(), came)).toEqual([
      `${key('key_9', 'its newest state')}: tracked, was no, is now yes`,
    ]);
  });

  test('names a key of which the inventory seems to say something else now', async () => {
    const edit = `update keysweep.tracked_key set entry_id =
      (select entry_id from keysweep.tracked_key where key_id = 'key_4') where key_id = 'key_3'`;
    expect(await linesAfter(get(), edit)).toEqual([
      expect.stringContaining(
        `${key('key_3', 'its newest state')}: what the inventory says now, was`,
      ),
    ]);
  });

  test('names an open finding that is said to be open for another reason', async () => {
    const edit = `update keysweep.tracked_key
      set sightings = jsonb_set(sightings, '{stale,facts,idleDays}', '46') where key_id = 'key_1'`;
    expect(await linesAfter(get(), edit)).toEqual([
      expect.stringMatching(
        /key prod\/key_1, rule stale: .*: facts, was .*, is now .*"idleDays": 46/,
      ),
    ]);
  });

  test('names a finding whose last sighting was removed, and a row that seems to be newer', async () => {
    const removed = 'update keysweep.tracked_key set sightings = null';
    expect(await linesAfter(get(), removed)).toEqual([
      expect.stringMatching(/key prod\/key_1, rule stale: .*: last seen, was .*, is now/),
      expect.stringMatching(/key prod\/key_2, rule stale: .*: last seen, was .*, is now/),
    ]);
    const newer = `update keysweep.finding set last_seen_at = now(), facts = '{}'
      where key_text = 'key_1'`;
    expect(await linesAfter(get(), newer)).toEqual(
      expect.arrayContaining([expect.stringContaining('last seen')]),
    );
  });

  test('names a key for which a waiver seems to have been given in another state', async () => {
    const [first] = await all<{ uuid: string }>(
      get(),
      'select uuid from keysweep.sweep order by id',
    );
    const edit = `update keysweep.waived_key set digest = repeat('0', 64)`;
    expect(await linesAfter(get(), edit)).toEqual([
      expect.stringContaining(
        `sweep ${first?.uuid}, waiver W-1, key prod/key_2: the key was changed: what a waiver was given for, was`,
      ),
    ]);
  });

  test('finds nothing after a sweep of one key, nor when that sweep is pruned before the full one', async () => {
    const moved = inputs([...someKeys(4), aTrackedKey('key_4', { owner: 'zoe' })], rules);
    const opened = await open(get(), moved, [aTrackedKey('key_1')]);
    await recordJudged(get(), await claim(get(), opened), sayings);
    await close(get(), opened.sweepId);
    expect((await check(get())).differences.map(renderDifference)).toEqual([]);
    await pruneEvidence(get(), 1);
    const kept = await all<{ uuid: string }>(get(), 'select uuid from keysweep.sweep');
    expect(kept.map(({ uuid }) => uuid)).toContain(newest);
    expect(kept.map(({ uuid }) => uuid)).not.toContain(opened.sweepId);
    expect((await check(get())).differences.map(renderDifference)).toEqual([]);
    const edit = `update keysweep.tracked_key set sightings = jsonb_set(sightings, '{stale,at}',
        to_jsonb((sightings->'stale'->>'at')::timestamptz - interval '1 millisecond'))
      where key_id = 'key_1'`;
    expect(await linesAfter(get(), edit)).toEqual([expect.stringContaining('last seen')]);
  });
});
