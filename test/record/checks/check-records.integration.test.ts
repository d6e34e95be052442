import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import type { RecordsTransaction } from '../../../src/record/store/database.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import { leafOf, readLeaves } from '../log/leaves.ts';
import { describeOwnStores } from '../stores.ts';
import { alerting, aTrackedKey, inputs, judgedSweep, run, someKeys } from '../world.ts';
import { check } from './check.ts';
import { linesAfter as linesOf } from './lines-after.ts';

const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day);
const createdOn = new Date('2020-01-01T00:00:00Z');
const rules = `
  - { id: stale, type: stale, after: 45d, severity: high }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
waivers:
  - { id: W-1, rule: stale, keys: [{ source: prod, keyId: key_2 }], reason: seasonal job,
      requestedBy: ann, approvedBy: bob, expires: 2099-01-31 }
`;
const idle = (days: number) => ({ details: { createdOn, lastUsed: ago(days) } });
const used = { details: { createdOn, lastUsed: ago(1) } };
const quiet = { details: { createdOn, lastUsed: ago(2) } };
const keys = [...someKeys(6), aTrackedKey('key_6', { owner: 'eve' })];
const ordinary = Object.fromEntries(keys.map(({ keyId }) => [keyId, quiet]));

describeOwnStores('comparing the records with the log', (get) => {
  let [first, second] = ['', ''];
  let leaf = 0;
  beforeAll(async () => {
    const using = inputs(keys, rules);
    const broken = { key_1: idle(50), key_2: idle(50), key_3: idle(80), key_4: idle(46) };
    first = (await judgedSweep(get(), using, { ...ordinary, ...broken })).sweepId;
    const woken = { ...broken, key_3: used, key_4: used };
    second = (await judgedSweep(get(), using, { ...ordinary, ...woken })).sweepId;
    const request = { by: 'ann', known: 'asserted', reason: 'it was me' } as const;
    const event = { fingerprint: fingerprint('prod', 'key_3', 'woke'), ...request };
    await acknowledgeFinding(get(), event, alerting);
    leaf = (await leafOf(get(), 'sweep-closed', second)).n;
  });

  const linesAfter = (edit: Parameters<typeof linesOf>[1]) => linesOf(get(), edit);

  const ofKey = (keyId: string, table: string, set: string) => `
    update keysweep.${table} p set ${set} from (
      select s.*, b.list_id, array_position(l.key_ids, s.key_id) as n
      from keysweep.sweep_key s join keysweep.tracked_key k on k.id = s.key_id
      join keysweep.sweep_batch b on b.sweep_id = s.sweep_id and b.batch = s.batch
      join keysweep.key_list l on l.id = b.list_id
      join keysweep.sweep w on w.id = s.sweep_id
      where w.uuid = '${second}' and k.key_id = '${keyId}'
    ) x where ${table === 'pack' ? 'p.sweep_id = x.sweep_id and p.batch = x.batch' : 'p.id = x.observation_id'}`;
  const where = (keyId: string) => `leaf ${leaf}, sweep ${second}, key prod/${keyId}`;

  test('finds nothing where nothing was edited', async () => {
    const { differences, ...counts } = await check(get());
    expect(differences.map(renderDifference)).toEqual([]);
    expect(counts).toMatchObject({ sweeps: 2, keys: 14, leaves: (await readLeaves(get())).length });
    const later = await check(get(), { from: new Date(Date.now() + day) });
    expect(later).toMatchObject({ sweeps: 0, keys: 0, differences: [] });
  });

  test('names the key whose verdict was edited, and the verdict that it had', async () => {
    expect(await linesAfter(ofKey('key_1', 'pack', 'verdicts[n] = 1'))).toContain(
      `${where('key_1')}: the key was changed: verdict, was fail, is now pass`,
    );
  });

  test('names all keys whose verdicts were edited, from why they failed', async () => {
    const lines = await linesAfter(
      `update keysweep.pack p set verdicts = array_fill(1::smallint, array[7])
       from keysweep.sweep w where w.id = p.sweep_id and w.uuid = '${second}'`,
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        `${where('key_1')}: the key was changed: verdict, was fail, is now pass`,
        `${where('key_2')}: the key was changed: verdict, was waived, is now pass`,
        expect.stringContaining(
          'its keys: the counts are not those of the keys: fail, was 2, is now 0',
        ),
      ]),
    );
  });

  test('names the key whose last use was edited, and the last use that it had', async () => {
    const edit = ofKey('key_1', 'pack', 'last_used[n] = now()');
    expect((await linesAfter(edit)).join('\n')).toContain(
      `${where('key_1')}: the key was changed: lastUsed, was ${idle(50).details.lastUsed.toISOString().slice(0, 10)}`,
    );
  });

  test('names the key whose instant of observation was edited', async () => {
    const edit = ofKey('key_5', 'pack', 'observed_ms[n] = observed_ms[n] + 3600000');
    expect((await linesAfter(edit)).join('\n')).toContain(
      `${where('key_5')}: the key was changed: observedAt, was 20`,
    );
  });

  test('names the batch where it cannot tell which key was edited', async () => {
    const edit = ofKey('key_1', 'pack', `judgements[n] = '{"v": [["stale", {"x": 1}, null]]}'`);
    const both = `${edit}; ${ofKey('key_4', 'pack', 'last_used[n] = now()')}`;
    expect((await linesAfter(both)).join('\n')).toContain(
      `leaf ${leaf}, sweep ${second}, batch 0 of prod (7 keys): a key of the batch was changed`,
    );
  });

  const swapPacks = (hashes: string) => {
    const all = `${hashes}verdicts, observation_ids, observed_from, observed_ms, last_used, judgements`;
    return `with o as (select * from keysweep.pack)
      update keysweep.pack p set (${all}) = (
        select ${all} from o where o.batch = p.batch and o.sweep_id <> p.sweep_id
      )`;
  };

  /** Each edit of a row, and a part of the lines that must come of it. */
  const edits: Record<string, [edit: () => string, ...lines: (() => string)[]]> = {
    'what the vendor said': [
      () => ofKey('key_1', 'observation', `content = content || '{"name": "Other"}'`),
      () => 'key prod/key_1: what the vendor said was changed: is now {',
    ],
    'which content a key has': [
      () => ofKey('key_1', 'pack', 'observation_ids[n] = null'),
      () => `${where('key_1')}: the key was changed: what the vendor said, was content `,
    ],
    'the owner of a key': [
      () => `update keysweep.inventory_entry set owner = 'ann' where owner = 'eve'`,
      () => 'key prod/key_6: what the inventory says was changed',
    ],
    'the tags of a key, with their hash': [
      () => `update keysweep.inventory_entry set tags = '{x}',
        hash = sha256(convert_to('["eve",null,null,["x"]]', 'UTF8')) where owner = 'eve'`,
      () => `leaf ${leaf}, sweep ${second}, batch 0 of prod (7 keys): the keys of the batch`,
    ],
    'the text of a policy': [
      () => `update keysweep.policy set text = replace(text, '45d', '90d')`,
      () => 'policy test: the text of the policy is gone or was changed',
    ],
    'the waiver of a finding': [
      () => `update keysweep.finding set waived_until = '2100-01-01' where state = 'waived'`,
      () =>
        'key prod/key_2, rule stale: the waiver of the finding is not the one that the log says: expires, was 20',
    ],
    'a waiver that nobody approved': [
      () =>
        `update keysweep.finding set waiver = waiver || '{"hash": "x", "id": "W-9"}' where state = 'waived'`,
      () =>
        'key prod/key_2, rule stale: the waiver of the finding is not the one that the log says: is now W-9',
    ],
    'what the log is remembered to have said': [
      () => `delete from keysweep.log_fact where kind = 'waiver'`,
      () => 'waiver W-1: the note of what the log said last is not what it said: is now gone',
    ],
    'the state of a finding': [
      () => `update keysweep.finding set state = 'resolved', resolution = 'fixed'
        where key_text = 'key_1'`,
      () =>
        'key prod/key_1, rule stale: the finding is not in the state of its newest event: was open, is now resolved (fixed)',
    ],
    'a deleted event of a finding': [
      () => `delete from keysweep.finding_event v using keysweep.finding f
        where f.id = v.finding_id and f.key_text = 'key_1'`,
      () =>
        `sweep ${first}, key prod/key_1, rule stale: an event of the finding is gone: was opened at 20`,
      () => 'key prod/key_1, rule stale: the events of the finding do not follow each other',
    ],
    'an edited event of a finding': [
      () => `update keysweep.finding_event v set at = at - interval '1 day' from keysweep.finding f
        where f.id = v.finding_id and f.key_text = 'key_1'`,
      () =>
        `sweep ${first}, key prod/key_1, rule stale: an event of the finding was changed: was opened at 20`,
    ],
    'an event that nobody logged': [
      () => `insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, facts)
        select f.id, s.id, 'resolved', 'open', 'fixed', '{}' from keysweep.finding f, keysweep.sweep s
        where f.key_text = 'key_1' and s.uuid = '${second}'`,
      () =>
        `${where('key_1')}, rule stale: an event of the finding is one that the log does not know`,
    ],
    'who acknowledged': [
      () =>
        `update keysweep.finding_event set note = note || '{"by": "bob"}' where resolution = 'acknowledged'`,
      () =>
        'key prod/key_3, rule woke: the acknowledgement is gone, or says something else: was by ann: it was me',
      () =>
        'key prod/key_3, rule woke: the acknowledgement is one that the log does not know: is now by bob',
    ],
    'the totals of a sweep': [
      () => `update keysweep.sweep set pass = pass + 1, fail = fail - 1 where uuid = '${second}'`,
      () =>
        `leaf ${leaf}, sweep ${second}, its row: the counts are not those of the keys: fail, was`,
    ],
    'when a sweep closed': [
      () =>
        `update keysweep.sweep set closed_at = closed_at + interval '1 hour' where uuid = '${second}'`,
      () => `leaf ${leaf}, sweep ${second}: the sweep was changed: closedAt, was 20`,
    ],
    'a sweep that closed without a leaf': [
      () => `insert into keysweep.sweep (trigger, scope, policy_id, deadline_at, closed_at, status, open_batches, tracked, closing)
        select 'request', 'full', policy_id, deadline_at, closed_at, status, 0, 0, 99 from keysweep.sweep where uuid = '${second}'`,
      () => 'the sweep is closed, and no leaf tells of it: is now request, closed 20',
    ],
    'the newest sweep, deleted': [
      () => `delete from keysweep.sweep where uuid = '${second}'`,
      () =>
        `leaf ${leaf}, sweep ${second}: the sweep is gone, and no leaf says that it was pruned: was asked for, 20`,
    ],
    'two nights, swapped': [
      () => `update keysweep.sweep set uuid = gen_random_uuid() where uuid = '${first}';
        update keysweep.sweep set uuid = '${first}' where uuid = '${second}'`,
      () => `sweep ${first}: the sweep was changed: closedAt, was 20`,
      () => `leaf ${leaf}, sweep ${second}: the sweep is gone`,
    ],
    'two nights, each with the name of the other': [
      () => `update keysweep.sweep set uuid = '00000000-0000-4000-8000-000000000000'
          where uuid = '${first}';
        update keysweep.sweep set uuid = '${first}' where uuid = '${second}';
        update keysweep.sweep set uuid = '${second}'
          where uuid = '00000000-0000-4000-8000-000000000000'`,
      () =>
        `sweep ${first}: the rows of two sweeps were swapped: is now that of leaf ${leaf}, sweep ${second}, and the other way round`,
    ],
    'the evidence of two nights, swapped': [
      () => swapPacks('hash, keys_root, '),
      () =>
        `sweep ${first}, batch 0 of prod (7 keys): the evidence of the batch was swapped with that of another one: is now at leaf ${leaf}, sweep ${second}, batch 0`,
      () =>
        `sweep ${second}, batch 0 of prod (7 keys): the evidence of the batch was swapped with that of another one: is now at leaf `,
    ],
    'what two nights found, swapped below their hashes': [
      () => swapPacks(''),
      () =>
        `sweep ${first}, batch 0 of prod (7 keys): the evidence of the batch was swapped with that of another one: is now at leaf ${leaf}`,
    ],
    'the evidence of a batch, deleted': [
      () =>
        `delete from keysweep.pack p using keysweep.sweep s where s.id = p.sweep_id and s.uuid = '${second}'`,
      () => `leaf ${leaf}, sweep ${second}, batch 0 of prod: the evidence of the batch is gone`,
    ],
    'the state of a key that pages show': [
      () => `update keysweep.tracked_key set verdict = 1 where key_id = 'key_1'`,
      () =>
        `sweep ${second}, its newest state, key prod/key_1: the key was changed: verdict, was fail, is now pass`,
    ],
    'the text of a leaf': [
      () =>
        `update keysweep.log_leaf set body = replace(body, '"fail":', '"fail": ') where n = ${leaf}`,
      () => `leaf ${leaf}: the text of the leaf is not the one that its hash says`,
    ],
    'a leaf, removed': [
      () => `delete from keysweep.log_leaf where n = ${leaf}`,
      () => `leaf ${leaf}: the leaf is gone`,
      () => `sweep ${second}: the sweep is closed, and no leaf tells of it`,
    ],
    'the newest leaf, with the head': [
      () => `delete from keysweep.log_leaf where n = (select max(n) from keysweep.log_leaf);
        update keysweep.log_head set size = size - 1`,
      () => 'key prod/key_3, rule woke: the acknowledgement is one that the log does not know',
    ],
    'what a sweep changed of findings': [
      () => `delete from keysweep.log_object`,
      () =>
        `sweep ${second}, what it changed of findings: an object that the leaf refers to is gone`,
    ],
  };

  for (const [edited, [edit, ...lines]] of Object.entries(edits)) {
    test(`finds an edit of ${edited}`, async () => {
      const found = (await linesAfter(edit())).join('\n');
      for (const line of lines) expect(found).toContain(line());
    });
  }

  test('compares tiles and signed roots with the leaves', async () => {
    const grown = async (tx: RecordsTransaction, edit: string) => {
      for (let n = 0; n < 300; n += 1) {
        await appendLeaf(tx, { event: 'schedule-removed', schedule: `${n}` });
      }
      await sql.raw(edit).execute(tx);
    };
    const tile = await linesAfter((tx) =>
      grown(tx, String.raw`update keysweep.log_tile set root = sha256('\x00')`),
    );
    expect(tile).toEqual(['tile/0/000: the tile is not the one that its leaves make']);
    const root = Buffer.alloc(32).toString('base64');
    const signed = await linesAfter((tx) =>
      grown(
        tx,
        `insert into keysweep.checkpoint (size, note) values (12, E'log\n12\n${root}\n\n')`,
      ),
    );
    expect(signed).toEqual([
      'checkpoint 12: the root of the leaves is not the one that was signed: is now a leaf from 0 to 11 was changed together with its hash',
    ]);
  });

  test('takes a sweep that was pruned as it should for no difference', async () => {
    await run(
      get(),
      `update keysweep.sweep set closed_at = now() - interval '90 days' where uuid = '${first}'`,
    );
    await pruneEvidence(get(), 30 * day);
    expect((await check(get())).differences.map(renderDifference)).toEqual([]);
    const kept = await sql`select from keysweep.log_object`.execute(get().db);
    expect(kept.rows).toHaveLength(1);
  });
});
