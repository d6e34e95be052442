/** @module-tag long */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, freshKey, staleKey, type World } from './world.ts';

const run = promisify(execFile);

let world: World;
beforeAll(async () => {
  const fleet = Array.from({ length: 3_000 }, (_, at) => ({ ...staleKey, id: `key_${at}` }));
  world = await createWorld({
    fleet: [...fleet, freshKey],
    source: { rateLimit: { requests: 100_000, per: '1s' } },
  });
  await world.run(['sweep', '--quiet', '--output', join(world.folder, 'first.txt')]);
});
afterAll(() => world.close());

const main = new URL('../../dist/src/main.js', import.meta.url).pathname;
test('a reader that closes early ends the output, not the command', async () => {
  const env = { ...process.env, KEYSWEEP_CONFIG: join(world.folder, 'keysweep.yaml') };
  const command = `${process.execPath} ${main} report --format json | head -c 100; exit \${PIPESTATUS[0]}`;
  const ended = await run('bash', ['-c', command], { env }).catch((error) => error);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toBe('');
  expect(ended.stdout).toHaveLength(100);
});

test('a report in CSV has every key, so that a spreadsheet can count them', async () => {
  const { code, stdout } = await world.run(['report', '--format', 'csv']);
  const rows: { [column: string]: string }[] = parse(stdout, { bom: true, columns: true });
  expect(code).toBe(1);
  const keys = rows.filter(({ about }) => about === 'key');
  expect(keys.filter(({ verdict }) => verdict === 'fail')).toHaveLength(3_000);
  expect(keys.filter(({ verdict }) => verdict === 'pass')).toHaveLength(1);
  const broken = rows.filter(({ about, verdict }) => about === 'rule' && verdict === 'fail');
  expect(broken).toHaveLength(3_000);
  expect(broken.every((row) => row['scopes'] !== '' && Number(row['idle_days']) > 0)).toBe(true);
});

test('a report in HTML lists every violation and counts the keys of each rule', async () => {
  const output = join(world.folder, 'report.html');
  const { code } = await world.run(['report', '--format', 'html', '--output', output]);
  expect(code).toBe(1);
  const page = await readFile(output, 'utf8');
  expect(page).toContain('<h1>3001 of 3001 audited, 0 unknown</h1>');
  expect(page.match(/<tr><th scope="row"><bdi>/g)).toHaveLength(3_000);
  expect(page).toMatch(
    /<td class="n">3000<\/td><td class="n">0<\/td><td class="n">0<\/td><td class="n">1</,
  );
  expect(page.endsWith('</html>\n')).toBe(true);
});

test('a report in SARIF names the configuration relative to the current folder', async () => {
  const { code, stdout } = await world.run(['report', '--format', 'sarif', '--severity', 'high']);
  const [run] = JSON.parse(stdout).runs;
  expect(code).toBe(1);
  expect(run.results).toHaveLength(3_000);
  expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('keysweep.yaml');
  expect(run.invocations[0].executionSuccessful).toBe(true);
});

test('findings and keys are listed in CSV', async () => {
  const read = async (...command: string[]) => {
    const { code, stdout } = await world.run([...command, '--format', 'csv']);
    return { code, rows: parse(stdout, { bom: true, columns: true }) as object[] };
  };
  const findings = await read('findings');
  expect(findings).toMatchObject({ code: 0, rows: { length: 3_000 } });
  expect(findings.rows[0]).toMatchObject({ status: 'open', severity: 'high' });
  expect(await read('keys', 'list')).toMatchObject({ code: 0, rows: { length: 3_001 } });
});

test.each(['csv', 'html', 'sarif'])(
  'a reader that closes early ends %s output too',
  async (format) => {
    const env = { ...process.env, KEYSWEEP_CONFIG: join(world.folder, 'keysweep.yaml') };
    const command = `${process.execPath} ${main} report --format ${format} | head -c 100; exit \${PIPESTATUS[0]}`;
    const ended = await run('bash', ['-c', command], { env }).catch((error) => error);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 1, stderr: '' });
  },
);

/** For root, permissions count only without these two capabilities. */
const asUser =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

test('an output without permission is refused before the work, with its name and the code', async () => {
  const old = join(world.folder, 'old.txt');
  await writeFile(old, 'an old report');
  await chmod(old, 0o444);
  const [readable, sealed] = [join(world.folder, 'readable'), join(world.folder, 'sealed')];
  await mkdir(readable, { mode: 0o555 });
  await mkdir(sealed, { mode: 0o000 });
  for (const output of [join(readable, 'new.txt'), join(sealed, 'new.txt'), old]) {
    const [command = '', ...args] = [
      ...asUser,
      process.execPath,
      main,
      'report',
      '--output',
      output,
    ];
    const ended = await run(command, args).catch((error) => error);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({
      code: 2,
      stderr: `${output}: cannot be written: permission denied for it or its folder (EACCES)\n`,
    });
  }
  expect(await readFile(old, 'utf8')).toBe('an old report');
  await chmod(sealed, 0o700);
});

test('an output file is written whole or not at all', async () => {
  const output = join(world.folder, 'report.json');
  const { code, stdout } = await world.run(['report', '--format', 'json', '--output', output]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(JSON.parse(await readFile(output, 'utf8')).violations).toHaveLength(3_000);

  const nowhere = join(world.folder, 'no', 'such', 'folder.json');
  const failed = await world.run(['report', '--output', nowhere]);
  expect(failed.code).toBe(2);
  expect(failed.stderr).toBe(`${nowhere}: cannot be written: its folder does not exist (ENOENT)\n`);
  expect((await readdir(world.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('--quiet prints nothing to stderr', async () => {
  const { stderr } = await world.run(['report', '--quiet', '--severity', 'critical']);
  expect(stderr).toBe('');
});

test('lists fail on open findings only with --fail-on', async () => {
  const codeOf = async (...flags: string[]) => (await world.run(['findings', ...flags])).code;
  expect(await codeOf()).toBe(0);
  expect(await codeOf('--status', 'resolved', '--fail-on', 'high')).toBe(1);
  expect(await codeOf('--fail-on', 'critical')).toBe(0);
});

test('keys are listed by the severity of their findings', async () => {
  const listed = async (severity: string) => {
    const flags = ['--format', 'json', '--severity', severity, '--fail-on', severity];
    const { code, stdout } = await world.run(['keys', 'list', ...flags]);
    return { code, ids: JSON.parse(stdout).keys.map((key: { keyId: string }) => key.keyId) };
  };
  const high = await listed('high');
  expect(high).toMatchObject({ code: 1, ids: { length: 3_000 } });
  expect(high.ids).not.toContain(freshKey.id);
  expect(await listed('critical')).toEqual({ code: 0, ids: [] });
});
