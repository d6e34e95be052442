/** @module-tag long */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { appendLeaf } from '../../src/record/log/append-leaf.ts';
import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { eventually } from '../support/eventually.ts';
import { launch } from './command.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

const verifier = fileURLToPath(new URL('../../dist/src/verify.mjs', import.meta.url));
const waivedKey = { ...staleKey, id: 'key_waived', name: 'Seasonal job' };
const yearly = { id: 'yearly', cron: '0 0 29 2 *', timezone: 'UTC' };
const waiver = {
  ...{ id: 'W-1', rule: 'stale-45', reason: 'seasonal', requestedBy: 'ann', approvedBy: 'bob' },
  ...{ keys: [{ source: 'vendor', keyId: waivedKey.id }], expires: '2099-01-31' },
};

interface Night {
  readonly sweep: string;
  readonly leaf: number;
}

/**
 * An administrator edits the database of a finished time by SQL. Who judges that has the pack, the
 * key from elsewhere, and the checkpoint of an earlier mail.
 */
describe.skipIf(!hasStack('postgres'))('an edit by the administrator of the database', () => {
  let world: World;
  let auditor = '';
  let nights: readonly Night[] = [];
  let period: readonly string[] = [];
  const copies: string[] = [];

  const evidence = (stateFile: string) => ({ evidence: { keyFile: 'evidence.key', stateFile } });
  const ask = <Row extends object>(statement: string) => queryRecords<Row>(world, statement);

  beforeAll(async () => {
    world = await createWorld({
      ...{ stack: 'postgres', fleet: [staleKey, freshKey, waivedKey], waivers: [waiver] },
      config: { schedules: [yearly] },
    });
    auditor = await mkdtemp(join(tmpdir(), 'ks-auditor-'));
    const keygen = ['evidence', 'keygen', '--output', join(world.folder, 'evidence.key')];
    await world.run([...keygen, '--origin', 'keysweep/test']);
    await world.write({ config: evidence('state') });
    const started = world.launch(['start', '--role', 'scheduler']);
    await started.says('keysweep is ready');
    await started.end('SIGTERM');
    await fillTile();
    for (let night = 1; night <= 4; night += 1) {
      expect((await world.run(['sweep'])).code).toBe(1);
      if (night === 3) await keepMail();
    }
    nights = await ask<Night>(
      'select uuid as sweep, leaf::integer as leaf from keysweep.sweep order by id',
    );
    const [{ from, to } = { from: '', to: '' }] = await ask<{ from: string; to: string }>(
      `select min(at) filter (where body like '%"schedule-set"%') as from, max(at) as to
       from (select body, body::jsonb -> 'predicate' ->> 'at' as at from keysweep.log_leaf) leaf`,
    );
    period = ['--from', from, '--to', to];
    const pub = await readFile(join(world.folder, 'evidence.key.pub'), 'utf8');
    await writeFile(join(auditor, 'e.pub'), pub);
  });

  afterAll(async () => {
    for (const name of copies) await administer(`drop database "${name}" with (force)`);
    await world.close();
    await rm(auditor, { recursive: true });
  });

  const administer = (statement: string) =>
    queryRecords({ databaseUrl: inject('databaseUrl') }, statement);

  /** A full tile of leaves that say nothing. */
  async function fillTile() {
    const quiet = { connectionLost: () => undefined };
    const database = openPostgresDatabase(world.databaseUrl ?? '', quiet);
    await database.transact(async (tx) => {
      for (let n = 0; n < 256; n += 1) {
        await appendLeaf(tx, { event: 'schedule-removed', schedule: `old-${n}` });
      }
    });
    await database.close();
  }

  async function keepMail() {
    const checkpoint = await readFile(join(world.folder, 'state'), 'utf8');
    const quoted = checkpoint.replace(/^/gm, '> ');
    await writeFile(join(auditor, 'mail.eml'), `Subject: findings\r\n\r\n${quoted}`);
  }

  /** A copy of the database in which each of these statements was run. */
  async function edited(...statements: readonly string[]): Promise<string> {
    const url = new URL(world.databaseUrl ?? '');
    const name = `${url.pathname.slice(1)}_${copies.length}`;
    await administer(`create database "${name}" template "${url.pathname.slice(1)}"`);
    copies.push(name);
    url.pathname = `/${name}`;
    for (const statement of statements) await queryRecords({ databaseUrl: url.href }, statement);
    return url.href;
  }

  /** What the auditor is told about a pack that was made from this database. */
  async function judge(databaseUrl: string) {
    const pack = join(auditor, `${copies.length}.tar.gz`);
    const env = { DATABASE_URL: databaseUrl };
    const exported = await world.run(
      ['evidence', 'export', ...period, '--output', pack, '--quiet'],
      env,
    );
    expect([0, 1], exported.stderr).toContain(exported.code);
    const saw = ['--saw', join(auditor, 'mail.eml')];
    const verify = [pack, '--key', join(auditor, 'e.pub'), ...period, ...saw];
    const { code, stdout, stderr } = await launch(verify, {}, verifier).ended;
    return { exported: exported.code, code, told: stdout + stderr };
  }

  /** The administrator holds the key too, and signs what is there now as if it were the first time. */
  async function signAnew(databaseUrl: string) {
    await world.write({ config: evidence(`state-${copies.length}`) });
    const started = world.launch(['start', '--role', 'scheduler'], { DATABASE_URL: databaseUrl });
    await eventually('the log is signed', async () => {
      const signed = `select from keysweep.checkpoint join keysweep.log_head using (size)`;
      return (await queryRecords({ databaseUrl }, signed)).length > 0;
    });
    await started.end('SIGTERM');
    await world.write({ config: evidence('state') });
  }

  const night = (number: number) => nights[number - 1] ?? { sweep: '', leaf: -1 };
  const of = (number: number) => `leaf ${night(number).leaf}, sweep ${night(number).sweep}`;
  const rowOf = (number: number) =>
    `(select id from keysweep.sweep where uuid = '${night(number).sweep}')`;
  const inPack = (set: string) => `update keysweep.pack p set ${set} from (
      select array_position(l.key_ids, k.id) as n, b.sweep_id, b.batch
      from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id,
        keysweep.tracked_key k
      where b.sweep_id = ${rowOf(2)} and k.key_id = 'key_stale'
    ) x where p.sweep_id = x.sweep_id and p.batch = x.batch`;

  test('is none where nothing was edited', async () => {
    const { code, exported, told } = await judge(await edited());
    expect([exported, code], told).toEqual([0, 0]);
  });

  const swapPacks = () => `with o as (select * from keysweep.pack)
    update keysweep.pack p set (verdicts, observation_ids, observed_from, observed_ms, last_used,
      judgements, hash, keys_root) = (select verdicts, observation_ids, observed_from, observed_ms,
      last_used, judgements, hash, keys_root from o where o.batch = p.batch
        and o.sweep_id = case p.sweep_id when ${rowOf(2)} then ${rowOf(3)} else ${rowOf(2)} end)
    where p.sweep_id in (${rowOf(2)}, ${rowOf(3)})`;

  /** Each edit, and what the auditor must be told. */
  const edits: Record<string, [edit: () => string | string[], ...told: (() => string)[]]> = {
    'a verdict': [
      () => inPack('verdicts[n] = 1'),
      () => `${of(2)}, key vendor/key_stale: the key was changed: verdict, was fail, is now pass`,
    ],
    'a last use': [
      () => inPack('last_used[n] = now()'),
      () => `${of(2)}, key vendor/key_stale: the key was changed: lastUsed, was 20`,
    ],
    'what the vendor said': [
      () => `update keysweep.observation set content = content || '{"name": "Other"}'
        where id = (select observation_id from keysweep.tracked_key where key_id = 'key_stale')`,
      () => 'key vendor/key_stale: what the vendor said was changed',
    ],
    'an inventory entry': [
      () => `update keysweep.inventory_entry set owner = 'nobody'`,
      () => 'what the inventory says was changed',
    ],
    'the text of the policy': [
      () => `update keysweep.policy set text = replace(text, '45d', '90d')`,
      () => 'policy 1: the text of the policy is gone or was changed',
    ],
    'a waiver': [
      () => `update keysweep.finding set waived_until = '2100-01-01' where state = 'waived'`,
      () => 'key vendor/key_waived, rule stale-45: the waiver of the finding is not the one',
    ],
    'an event of a finding': [
      () => `update keysweep.finding_event v set at = at - interval '30 days' from keysweep.finding f
        where f.id = v.finding_id and f.key_text = 'key_stale'`,
      () => `${of(1)}, key vendor/key_stale, rule stale-45: an event of the finding was changed`,
    ],
    'what a sweep changed of findings': [
      () => `update keysweep.log_object set body = convert_to(
        replace(convert_from(body, 'UTF8'), 'key_stale', 'key_fresh'), 'UTF8')`,
      () => `${of(1)}, what it changed of findings: an object that the leaf refers to`,
    ],
    'the row of a sweep': [
      () =>
        `update keysweep.sweep set closed_at = closed_at - interval '1 day' where id = ${rowOf(2)}`,
      () => `${of(2)}: the sweep was changed: closedAt, was 20`,
    ],
    'a schedule': [
      () => `update keysweep.schedule set cron = '0 0 1 1 *'`,
      () => 'schedule yearly: the schedule is not the one that the log says: cron, was 0 0 29 2 *',
    ],
    'the text of a leaf': [
      () => `update keysweep.log_leaf set body = replace(body, '"fail":1', '"fail":0')
        where n = ${night(2).leaf}`,
      () => `leaf-differs: leaf ${night(2).leaf}:`,
      () => `leaf ${night(2).leaf}: the text of the leaf is not the one that its hash says`,
    ],
    'a leaf with its hash': [
      () => rewrite(2),
      () => `mail.eml: `,
      () =>
        `a leaf from ${night(1).leaf + 1} to ${night(2).leaf} was changed together with its hash`,
    ],
    'a tile': [
      () => `update keysweep.log_tile set hashes = overlay(hashes placing '\\x00'::bytea from 99)`,
      () => 'tile/0/000: the tile is not the one that its leaves make',
      () => 'leaf-differs: leaf 3: the leaf is not the one whose hash stands in tile/0/000',
    ],
    'a checkpoint': [
      () => `update keysweep.checkpoint set note = replace(note, E'\\n' || size || E'\\n',
          E'\\n' || size - 1 || E'\\n') where size = ${night(2).leaf + 1}`,
      () => `checkpoints/${night(2).leaf + 1}`,
    ],
    'two nights, swapped': [
      swapPacks,
      () =>
        `${of(2)}, batch 0 of vendor (3 keys): the evidence of the batch was swapped with that of another one: is now at ${of(3)}, batch 0`,
    ],
    'the rows of two nights, swapped': [
      () => [
        `update keysweep.sweep set uuid = gen_random_uuid() where id = ${rowOf(2)}`,
        `update keysweep.sweep set uuid = '${night(2).sweep}' where id = ${rowOf(3)}`,
        `update keysweep.sweep set uuid = '${night(3).sweep}' where leaf = ${night(2).leaf}`,
      ],
      () => `${of(2)}: the rows of two sweeps were swapped: is now that of ${of(3)}`,
    ],
    'a night, deleted': [
      () => `delete from keysweep.sweep where id = ${rowOf(2)}`,
      () => `${of(2)}: the sweep is gone, and no leaf says that it was pruned`,
    ],
  };

  /** With a hash that fits. */
  const rewrite = (number: number) => [
    `update keysweep.log_leaf set body = replace(body, '"fail":1', '"fail":0')
     where n = ${night(number).leaf}`,
    `update keysweep.log_leaf set hash = sha256('\\x00'::bytea || convert_to(body, 'UTF8'))
     where n = ${night(number).leaf}`,
  ];

  for (const [what, [edit, ...lines]] of Object.entries(edits)) {
    test(`is told where it is of ${what}`, async () => {
      const { code, exported, told } = await judge(await edited(...[edit()].flat()));
      expect([exported, code], told).toEqual([1, 1]);
      for (const line of lines) expect(told).toContain(line());
    });
  }

  const last = () => night(3).leaf;

  test('is told where the newest nights were deleted and what is left was signed anew', async () => {
    const cut = await edited(
      `delete from keysweep.sweep where leaf >= ${last()}`,
      `delete from keysweep.log_leaf where n >= ${last()}`,
      `delete from keysweep.checkpoint where size > ${last()}`,
      `update keysweep.log_head set size = ${last()}, at = (select max(at) from keysweep.log_leaf)`,
      `delete from keysweep.finding_event v
       where not exists (select from keysweep.sweep s where s.id = v.sweep_id)`,
      `update keysweep.finding
       set last_seen_at = (select max(opened_at) from keysweep.sweep) where state <> 'resolved'`,
    );
    await signAnew(cut);
    const { code, told } = await judge(cut);
    expect(code, told).toBe(1);
    expect(told).toMatch(
      new RegExp(
        `tail-cut: .*mail.eml: the log had ${last() + 1} leaves .*, and the pack has ${last()}`,
      ),
    );
  });

  test('is told where a leaf was rewritten with all hashes and signed anew', async () => {
    const forged = await edited(
      ...rewrite(2),
      `delete from keysweep.checkpoint where size > ${night(2).leaf}`,
      `update keysweep.sweep set fail = 0 where id = ${rowOf(2)}`,
    );
    await signAnew(forged);
    const { code, told } = await judge(forged);
    expect(code, told).toBe(1);
    expect(told).toMatch(/fork: .*mail.eml: /);
  });
});
