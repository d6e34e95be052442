/** @module-tag all */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeLogPolicy } from '../../src/evidence/log/log-policy.ts';
import { encodeSigningKey } from '../../src/evidence/log/signing-key.ts';
import { type Database, openPostgresDatabase } from '../../src/record/store/database.ts';
import { letPass } from '../record/month/forge.ts';
import {
  dueInMonth,
  holdMonth,
  longNight,
  type Month,
  missedNight,
} from '../record/month/hold-month.ts';
import { canHoldMonth, signingKey } from '../record/month/month-server.ts';
import { instant, year } from '../record/month/month-world.ts';
import { runNode, verifiers } from './both-verifiers.ts';
import { queryRecords } from './records.ts';
import { createWorld, type World } from './world.ts';

interface Night {
  readonly row: number;
  readonly sweep: string;
  readonly leaf: number;
}

/** After this night, a mail with the newest checkpoint came. */
const mailNight = 12;
const asked = ['--from', `${year}-03-01`, '--to', `${year}-03-31`];
const lastSunday = 31 - instant('03-31T00:00:00').getUTCDay();

/**
 * An administrator edits the database of a month that is over. Whoever judges it has the pack, a
 * policy and a mail, and a program that needs nothing else.
 */
describe.skipIf(!canHoldMonth())('a month that is over', () => {
  let month: Month;
  let world: World;
  let auditor = '';
  let copies = 0;
  /** By their number; the missed and the skipped one have none. */
  const nights = new Map<number, Night>();

  beforeAll(async () => {
    month = await holdMonth();
    await month.leave();
    world = await createWorld({ stack: 'postgres', databaseUrl: month.url });
    await writeFile(join(world.folder, 'e.key'), `${encodeSigningKey(signingKey)}\n`, {
      mode: 0o600,
    });
    await world.write({ config: { evidence: { keyFile: 'e.key' } } });
    for (const [n, due] of dueInMonth.entries()) {
      const [night] = await queryRecords<Night>(
        world,
        `select id as row, uuid as sweep, leaf::integer as leaf from keysweep.sweep
         where due_at = $1`,
        [due],
      );
      if (night !== undefined) nights.set(n + 1, night);
    }
    auditor = await openAuditor();
  }, 240_000);
  afterAll(async () => {
    await world?.close();
    await month?.close();
    await rm(auditor, { recursive: true, force: true });
  });

  /** A folder with the program, the policy and the mail. */
  async function openAuditor(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'ks-auditor-'));
    await copyFile(verifiers['verify.mjs'][0], join(folder, 'verify.mjs'));
    const logs = [{ key: signingKey.verifier, url: null }];
    const policy = encodeLogPolicy({ logs, witnesses: [], threshold: 0 });
    await writeFile(join(folder, 'policy.txt'), policy);
    const quoted = month.nights[mailNight - 1]?.note.replace(/^/gm, '> ') ?? '';
    await writeFile(join(folder, 'mail.eml'), `Subject: findings\r\n\r\n${quoted}`);
    return folder;
  }

  /** A copy of the database in which the administrator did this. */
  async function edited(edit: string | ((database: Database) => Promise<void>)): Promise<string> {
    copies += 1;
    const url = new URL(month.url);
    const template = url.pathname.slice(1);
    url.pathname = '/postgres';
    await queryRecords(
      { databaseUrl: url.href },
      `create database copy_${copies} template "${template}"`,
    );
    url.pathname = `/copy_${copies}`;
    if (typeof edit === 'string') await queryRecords({ databaseUrl: url.href }, edit);
    else {
      const database = openPostgresDatabase(url.href, { connectionLost: () => undefined });
      await edit(database);
      await database.close();
    }
    return url.href;
  }

  const open = (databaseUrl: string) =>
    world.write({ config: { store: { url: databaseUrl }, evidence: { keyFile: 'e.key' } } });

  async function check(databaseUrl: string) {
    await open(databaseUrl);
    const { code, stdout } = await world.run(['evidence', 'check', ...asked]);
    return { code, said: stdout };
  }

  /** Gives the auditor a pack; returns how the command ended. */
  async function hand(databaseUrl: string, period: readonly string[] = asked) {
    await open(databaseUrl);
    const pack = join(auditor, 'pack.tar.gz');
    await rm(pack, { force: true });
    const args = ['evidence', 'export', ...period, '--output', pack, '--quiet'];
    const { code, stderr } = await world.run(args);
    expect([0, 1], stderr).toContain(code);
    return code;
  }

  /** What the program says to the auditor, who has nothing but a folder. */
  async function verify(saw: readonly string[] = [], period: readonly string[] = asked) {
    const program = ['verify.mjs', 'pack.tar.gz', '--policy', 'policy.txt', '--format', 'json'];
    const { code, stdout } = await runNode([...program, ...period, ...saw], auditor);
    const { problems } = JSON.parse(stdout) as {
      problems: { code: string; place: string; message: string }[];
    };
    return { code, lines: problems.map((one) => `${one.code}: ${one.place}: ${one.message}`) };
  }
  const withMail = ['--saw', 'mail.eml'];

  const night = (number: number): Night => {
    const found = nights.get(number);
    if (found === undefined) throw new Error(`night ${number} has no sweep`);
    return found;
  };
  const of = (number: number) => `leaf ${night(number).leaf}, sweep ${night(number).sweep}`;

  const missed = expect.stringMatching(`^missed: .*${dueInMonth[missedNight - 1]?.toISOString()}`);
  const skipped = expect.stringMatching(`^skipped: .*${dueInMonth[longNight]?.toISOString()}`);

  test('has a night in which the clock jumps over the time of the schedule', () => {
    expect(dueInMonth).toHaveLength(31);
    expect(dueInMonth[lastSunday - 1]).toEqual(instant(`03-${lastSunday}T01:00:00`));
  });

  test('is intact but for the missed and the skipped night, and holds without them', async () => {
    const checked = await check(month.url);
    expect(checked.code, checked.said).toBe(0);
    expect(await hand(month.url)).toBe(0);
    expect(await verify(withMail)).toEqual({ code: 3, lines: [missed, skipped] });
    const later = ['--from', `${year}-03-19`];
    expect(await verify(withMail, later)).toEqual({ code: 0, lines: [] });
  });

  test('tells which row was edited', async () => {
    const { row } = night(21);
    const database = await edited(`update keysweep.pack p set verdicts[x.n] = 1 from (
        select b.batch, array_position(l.key_ids, k.id) as n from keysweep.sweep_batch b
        join keysweep.key_list l on l.id = b.list_id
        join keysweep.tracked_key k on k.key_id = 'key_5' and k.id = any (l.key_ids)
        where b.sweep_id = ${row}
      ) x where p.sweep_id = ${row} and p.batch = x.batch`);
    const line = `${of(21)}, key prod/key_5: the key was changed: verdict, was fail, is now pass`;
    expect((await check(database)).said).toContain(line);
    expect(await hand(database)).toBe(1);
    const { code, lines } = await verify(withMail);
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain(line);
  });

  test('tells that two nights were swapped, and which', async () => {
    const [one, other] = [night(23), night(24)];
    const swap = (table: string, column: string, [first, second, spare]: readonly unknown[]) => `
      update keysweep.${table} set ${column} = ${spare} where ${column} = ${first};
      update keysweep.${table} set ${column} = ${first} where ${column} = ${second};
      update keysweep.${table} set ${column} = ${second} where ${column} = ${spare};`;
    const ids = [one.sweep, other.sweep, '00000000-0000-4000-8000-000000000000'];
    const database = await edited(`set session_replication_role = replica;
      ${swap('pack', 'sweep_id', [one.row, other.row, -1])}
      ${swap(
        'sweep',
        'uuid',
        ids.map((id) => `'${id}'`),
      )}
      ${swap('log_leaf', 'n', [one.leaf, other.leaf, -1])}`);
    expect(await hand(database)).toBe(1);
    const { code, lines } = await verify(withMail);
    expect(code).toBe(1);
    for (const { leaf } of [one, other]) expect(lines.join('\n')).toContain(`leaf ${leaf}`);
  });

  test('shows by the mail alone that the newest nights were deleted with their leaves', async () => {
    const { leaf, row } = night(mailNight);
    const database = await edited(`set session_replication_role = replica;
      delete from keysweep.log_leaf where n >= ${leaf};
      delete from keysweep.checkpoint where size > ${leaf};
      update keysweep.log_head set size = ${leaf};
      delete from keysweep.sweep where id >= ${row};
      delete from keysweep.sweep_batch where sweep_id >= ${row};
      delete from keysweep.pack where sweep_id >= ${row};`);
    await hand(database);
    const { code, lines } = await verify(withMail);
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/tail-cut: .*mail\.eml: the log had/);
    expect((await verify()).lines.join('\n')).not.toContain('tail-cut');
  });

  test('shows by the mail alone that a night was forged with all its hashes and signatures', async () => {
    const database = await edited((forged) => letPass(forged, { ...night(6), keyId: 'key_1' }));
    const checked = await check(database);
    expect(checked.code, checked.said).toBe(0);
    expect(await hand(database)).toBe(0);
    expect(await verify()).toEqual({ code: 3, lines: [missed, skipped] });
    const { code, lines } = await verify(withMail);
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/fork: .*mail\.eml: /);
  });
});
