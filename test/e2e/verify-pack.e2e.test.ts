import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeLogPolicy } from '../../src/evidence/log/log-policy.ts';
import { encodeVerifierKey } from '../../src/evidence/log/verifier-key.ts';
import {
  compress,
  scratch,
  tarOf,
  writeArchive,
  writeFolder,
} from '../evidence/reading/write-pack.ts';
import { keyOf, origin } from '../evidence/verify/installation.ts';
import { nights, packOf } from '../evidence/verify/scenes.ts';
import { runNode, verifiers } from './both-verifiers.ts';

const key = encodeVerifierKey(keyOf(origin).verifier);

interface Told {
  readonly verdict: string;
  readonly problems: readonly { exit: number; code: string; place: string; message: string }[];
  readonly [name: string]: unknown;
}

const home = nights(3);
const files = () => packOf(home, 3);

const alone = verifiers['verify.mjs'][0];

describe.each(Object.entries(verifiers))('%s', (_name, program) => {
  const verify = (pack: string, ...args: string[]) =>
    runNode([...program, pack, ...args], scratch());
  const told = async (pack: string, ...args: string[]) => {
    const { code, stdout, stderr } = await verify(pack, '--format', 'json', ...args);
    expect(stderr).toBe('');
    return { code, ...(JSON.parse(stdout) as Told) };
  };

  test('says that a pack holds, as a folder and as an archive', async () => {
    const folder = writeFolder(files());
    const { code, stdout, stderr } = await verify(folder, '--key', key);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('3: 3 held, 0 closed too late, 0 missed and said so');
    expect(stdout).toContain('time asserted by the host');
    expect(stdout).toMatch(/\nHOLDS: .*\n$/);
    const archive = writeArchive(await compress(await tarOf(files())));
    expect((await verify(archive, '--key', key)).stdout).toBe(stdout);
  });

  test('reads the key from a file, and a policy', async () => {
    const folder = writeFolder(files());
    const places = scratch();
    writeFileSync(join(places, 'e.pub'), `${key}\n`);
    const logs = [{ key: keyOf(origin).verifier, url: null }];
    const policy = encodeLogPolicy({ logs, witnesses: [], threshold: 0 });
    writeFileSync(join(places, 'policy.txt'), policy);
    expect((await told(folder, '--key', join(places, 'e.pub'))).code).toBe(0);
    expect((await told(folder, '--policy', join(places, 'policy.txt'))).code).toBe(0);
  });

  test('ends with 1 for a pack that was edited, and names the place', async () => {
    const edited = files();
    const object = `objects/${home.subjectOf(5, 'evidence')}`;
    edited.set(object, Buffer.from(`${edited.get(object)} `));
    const { code, verdict, problems } = await told(writeFolder(edited), '--key', key);
    expect({ code, verdict }).toEqual({ code: 1, verdict: 'tampered' });
    expect(problems).toMatchObject([{ exit: 1, code: 'object-differs', place: object }]);
    const { code: plain, stdout } = await verify(writeFolder(edited), '--key', key);
    expect(plain).toBe(1);
    expect(stdout).toContain(`TAMPERED  object-differs: ${object}: `);
  });

  test('ends with 3 for a period that the log does not cover', async () => {
    const folder = writeFolder(files());
    const later = ['--to', '2026-02-01T00:00:00Z'];
    const { code, verdict, problems } = await told(folder, '--key', key, ...later);
    expect({ code, verdict }).toEqual({ code: 3, verdict: 'incomplete' });
    expect(new Set(problems.map((one) => one.code))).toEqual(new Set(['not-covered']));
  });

  test('compares with a checkpoint in a mail that was kept', async () => {
    const mail = join(scratch(), 'mail.eml');
    const [name = '', size = '', root = ''] = home.checkpoints.get(7)!.split('\n');
    writeFileSync(mail, `Subject: x\r\n\r\n> ${name}\r\n>  ${size}\r\n> ${root}\r\n-- \r\n`);
    expect((await told(writeFolder(files()), '--key', key, '--saw', mail)).code).toBe(0);
    const short = nights(2);
    const { code, problems } = await told(
      ...([writeFolder(packOf(short, 2)), '--key', key, '--saw', mail] as const),
    );
    expect(code).toBe(1);
    expect(problems).toMatchObject([{ code: 'tail-cut', place: mail }]);
  });

  test('leaves out what a mailbox keeps of other logs, but no file without one of this log', async () => {
    const of = (name: string) => home.checkpoints.get(7)!.replace(origin, name);
    const places = scratch();
    const [mailbox, other] = [join(places, 'mailbox'), join(places, 'other')];
    writeFileSync(mailbox, `${of(origin)}\n${of('keysweep/other')}`);
    writeFileSync(other, of('keysweep/other'));
    const folder = writeFolder(files());
    const seen = await told(folder, '--key', key, '--saw', mailbox);
    expect(seen).toMatchObject({ code: 0, kept: { compared: 1, ofOtherLogs: 1 } });
    const { stdout } = await verify(folder, '--key', key, '--saw', mailbox);
    expect(stdout).toContain('1 checkpoint compared, 1 of other logs left out');
    const { code, problems } = await told(folder, '--key', key, '--saw', mailbox, '--saw', other);
    expect(code).toBe(1);
    expect(problems).toMatchObject([{ code: 'other-log', place: other }]);
  });

  test.each([
    ['no key', [], /^name whom you trust with --key or --policy/],
    ['a key that is none', ['--key', 'x+00000000+AAAA'], /^--key x\+00000000\+AAAA: verifier key/],
    ['a file that is absent', ['--key', 'none.pub'], /^--key none\.pub: cannot be read \(ENOENT\)/],
    ['a time that is none', ['--key', key, '--from', 'soon'], /^--from "soon": must be a day/],
    ['an empty period', ['--key', key, '--from', '2026-01-03', '--to', '2026-01-02'], /^--to must/],
    ['a format that is none', ['--key', key, '--format', 'xml'], /--format/],
  ])('ends with 2 and one line for %s', async (_what, args, line) => {
    const { code, stdout, stderr } = await verify(writeFolder(files()), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(line);
  });

  test('ends with 2 for a policy with a mistake, and names its line', async () => {
    const policy = join(scratch(), 'policy.txt');
    writeFileSync(policy, `log ${key}\nquorum nobody\n`);
    const { code, stderr } = await verify(writeFolder(files()), '--policy', policy);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `--policy ${policy}, line 2: nobody is no witness or group of a line above\n`,
    });
  });

  test('ends with 2 for a pack of a newer version, and for an archive that is cut', async () => {
    const newer = files();
    newer.set('pack.json', Buffer.from('{"version":2}'));
    const folder = writeFolder(newer);
    expect(await verify(folder, '--key', key)).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: `${folder}: the pack is of version 2, and this program reads version 1; use a newer keysweep\n`,
    });
    const archive = writeArchive((await compress(await tarOf(files()))).subarray(0, -50));
    expect(await verify(archive, '--key', key)).toEqual({
      ...{ code: 2, stdout: '', stderr: `${archive}: the archive is cut off\n` },
    });
    const { code, stderr } = await verify('none', '--key', key);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'none: cannot be read (ENOENT)\n' });
  });
});

test('verify.mjs runs alone, with few modules of Node, in one file that can be read', async () => {
  const folder = scratch();
  cpSync(alone, join(folder, 'v.mjs'));
  const args = [join(folder, 'v.mjs'), writeFolder(files()), '--key', key];
  expect((await runNode(args, folder)).code).toBe(0);
  const source = readFileSync(alone, 'utf8');
  const imports = source.split('\n').filter((line) => line.startsWith('import '));
  // No process, network or thread.
  expect(imports.map((line) => / from "(.*)";$/.exec(line)?.[1] ?? line).sort()).toEqual([
    ...['node:crypto', 'node:fs', 'node:fs/promises', 'node:os', 'node:path', 'node:stream'],
    ...['node:stream/promises', 'node:util', 'node:zlib'],
  ]);
  // hono keeps contexts of pages where Node has a place for them; no page here has one.
  const own = source.replace('process?.getBuiltinModule?.("node:async_hooks")', '');
  expect(own).not.toMatch(/\bimport\s*\(|\brequire\s*\(|getBuiltinModule|\bfetch\(|WebSocket/);
  // Two thirds of it are zod and yaml. A growth is no fault, but someone should know why.
  expect(source.length).toBeGreaterThan(400_000);
  expect(source.length).toBeLessThan(750_000);
});
