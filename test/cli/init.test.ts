import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { plannedNames } from '../../src/init/plan-files.ts';
import { eventually } from '../support/eventually.ts';
import { collect, nobody } from './run.ts';

const names = [...plannedNames].sort();

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function init(cwd: string, args: readonly string[] = [], env = {}) {
  const err = collect();
  const stdout = collect().stream;
  const { signal } = new AbortController();
  const terminal = { env, cwd, stdin: nobody, stdout, stderr: err.stream, signal };
  const code = await runCli(['init', ...args], terminal);
  return { code, stderr: err.text(), lines: err.text().trimEnd().split('\n') };
}

/** `keysweep init` at a terminal, where somebody types. */
function atTerminal(args: readonly string[] = []) {
  const cwd = emptyFolder();
  const err = collect();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(err.stream, { isTTY: true });
  const stopping = new AbortController();
  const { signal } = stopping;
  const terminal = { env: {}, cwd, stdin, stdout: collect().stream, stderr, signal };
  const says = (text: string) => eventually(`says ${text}`, () => err.text().includes(text));
  return {
    cwd,
    ended: runCli(['init', ...args], terminal),
    stop: () => stopping.abort(),
    text: err.text,
    says,
    async answer(question: string, line: string) {
      await says(question);
      stdin.write(line);
    },
    yaml: () => readFileSync(join(cwd, 'config', 'keysweep.yaml'), 'utf8'),
  };
}

test('writes into config and prints three commands that find what it wrote', async () => {
  const cwd = emptyFolder();
  const { code, lines } = await init(cwd);
  expect(code).toBe(0);
  expect(readdirSync(join(cwd, 'config')).sort()).toEqual(names);
  expect(lines.slice(-4)).toEqual([
    'Next:',
    '  keysweep sandbox   # in a second terminal',
    '  keysweep config validate',
    '  keysweep sweep',
  ]);
});

test('a folder elsewhere is named in the commands, as a shell wants it', async () => {
  const elsewhere = await init(emptyFolder(), ["Bob's audit"]);
  expect(elsewhere.lines.at(-1)).toBe("  keysweep sweep --config 'Bob'\\''s audit/keysweep.yaml'");
  const here = await init(emptyFolder(), ['.', '--environment', 'production']);
  expect(here.lines.slice(-3)).toEqual([
    '  cp ./.env.example ./.env   # then edit it and ./keys.csv',
    '  set -a; . ./.env; set +a; keysweep config validate --config ./keysweep.yaml',
    '  keysweep sweep --config ./keysweep.yaml',
  ]);
  const hidden = await init(emptyFolder(), [], { KEYSWEEP_CONFIG: '/etc/keysweep.yaml' });
  expect(hidden.lines.at(-1)).toBe('  keysweep sweep --config config/keysweep.yaml');
});

test('takes environment, cron line and policy as options', async () => {
  const cwd = emptyFolder();
  const options = ['--environment', 'production', '--cron', '@daily', '--policy', 'pci-dss'];
  expect((await init(cwd, options)).code).toBe(0);
  const read = (name: string) => readFileSync(join(cwd, 'config', name), 'utf8');
  expect(read('keysweep.yaml')).toContain('environment: production');
  expect(read('keysweep.yaml')).toContain('cron: "@daily"');
  expect(read('policy.yaml')).toContain('PCI DSS 4.0.1');
});

test('a bad option ends with exit 2 and writes nothing', async () => {
  const cwd = emptyFolder();
  for (const options of [
    ['--cron', '61 2 * * *'],
    ['--environment', 'staging'],
    ['--policy', 'iso'],
  ]) {
    expect((await init(cwd, options)).code).toBe(2);
  }
  expect((await init(cwd, ['--cron', '61 2 * * *'])).stderr).toContain('minute "61"');
  expect(readdirSync(cwd)).toEqual([]);
});

test.each(plannedNames)('where %s exists it says so, exits 2 and writes nothing', async (name) => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'config'));
  writeFileSync(join(cwd, 'config', name), 'mine');
  const { code, stderr } = await init(cwd);
  expect(code).toBe(2);
  expect(stderr).toContain(`config/${name}: exists already`);
  expect(readdirSync(join(cwd, 'config'))).toEqual([name]);
  expect(readFileSync(join(cwd, 'config', name), 'utf8')).toBe('mine');
});

test('a symbolic link that leads nowhere counts as a file', async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'config'));
  symlinkSync(join(cwd, 'nowhere'), join(cwd, 'config', 'keys.csv'));
  expect(await init(cwd)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('keys.csv: exists already'),
  });
  expect(existsSync(join(cwd, 'nowhere'))).toBe(false);
});

test.each([
  ['config', './config'],
  ['config/deep', 'config/deep'],
  ['config/deep/er', 'config/deep/er'],
  ['link', './link'],
])('a file in the way of the folder %s is named, and what to do', async (folder, named) => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'config'), 'a file');
  symlinkSync(join(cwd, 'nowhere'), join(cwd, 'link'));
  const { code, stderr } = await init(cwd, [folder]);
  const said = `${named}: a file is in the way; name another folder (keysweep init FOLDER), or move the file\n`;
  expect({ code, stderr }).toEqual({ code: 2, stderr: said });
  expect(readFileSync(join(cwd, 'config'), 'utf8')).toBe('a file');
});

test('a folder that cannot be made is named with the reason', async () => {
  expect(await init(emptyFolder(), ['/proc/nowhere/config'])).toMatchObject({
    ...{ code: 2, stderr: expect.stringMatching(/^\/proc\/.*: cannot be written \(ENOENT\); /) },
  });
});

test('only the user may read .env.example, whose copy holds secrets', async () => {
  const cwd = emptyFolder();
  await init(cwd);
  expect(statSync(join(cwd, 'config', '.env.example')).mode & 0o077).toBe(0);
});

test('at a terminal it asks, and asks again after a bad answer', async () => {
  const terminal = atTerminal();
  await terminal.answer('sandbox or production? [sandbox] ', 'staging\r');
  await terminal.answer('Answer sandbox or production.', 'Production\r');
  await terminal.answer('[30 2 * * *] ', 'every night\r');
  await terminal.answer('not a cron line', '15 4 * * *\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.yaml()).toContain('environment: production');
  expect(terminal.yaml()).toContain('cron: "15 4 * * *"');
});

test('an empty answer takes the default, also one that is typed ahead', async () => {
  const terminal = atTerminal();
  await terminal.answer('sandbox or production?', '\r\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.yaml()).toContain('environment: sandbox');
  expect(terminal.yaml()).toContain('cron: "30 2 * * *"');
});

test('what an option says is not asked, and with --yes nothing is', async () => {
  const terminal = atTerminal(['--environment', 'production']);
  await terminal.answer('[30 2 * * *] ', '\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).not.toContain('sandbox or production?');
  const silent = atTerminal(['--yes']);
  expect(await silent.ended).toBe(0);
  expect(silent.text()).not.toContain('?');
});

const control = { 'Ctrl-C': '\u0003', 'Ctrl-D': '\u0004' };

test.each(Object.entries(control))('%s ends it with exit 2; nothing is written', async (_, key) => {
  const terminal = atTerminal();
  await terminal.answer('sandbox or production?', 'production\r');
  await terminal.answer('[30 2 * * *] ', key);
  expect(await terminal.ended).toBe(2);
  expect(terminal.text()).toContain('stopped; nothing was written');
  expect(readdirSync(terminal.cwd)).toEqual([]);
});

test('a signal ends it as well', async () => {
  const terminal = atTerminal();
  await terminal.says('sandbox or production?');
  terminal.stop();
  expect(await terminal.ended).toBe(2);
  expect(readdirSync(terminal.cwd)).toEqual([]);
});
