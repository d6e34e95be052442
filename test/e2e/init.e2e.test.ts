import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { findProgram } from '../support/find-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);
const patience = { deadlineMs: 60_000 };

let work = '';
let packed: readonly string[] = [];
/** The command as npm installs it. */
let keysweep = '';

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ks-init-'));
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', work], {
    cwd: root,
    maxBuffer: 16_000_000,
  });
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = tarball.files.map(({ path }) => path);
  await execute('tar', ['-xzf', tarball.filename, '-C', work], { cwd: work });
  const folder = join(work, 'package');
  await linkDependencies(folder);
  const prefix = join(work, 'prefix');
  await execute('npm', ['install', '--global', '--offline', '--prefix', prefix, folder]);
  keysweep = join(prefix, 'bin', 'keysweep');
});

afterAll(() => rm(work, { recursive: true, force: true }));

/** Gives the package its declared dependencies, and nothing else, without asking a registry. */
async function linkDependencies(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-new-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function start(file: string, args: readonly string[], cwd: string, env = {}) {
  const { PATH, HOME } = process.env;
  const child = spawn(file, args, { cwd, env: { PATH, HOME, TERM: 'xterm', ...env } });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  onTestFinished(() => end(child));
  const ended = once(child, 'close').then(([code]) => ({ code, ...written }));
  return { child, written, ended };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}

test('the package contains the program, its data and its docs, and nothing else', () => {
  const tops = new Set(packed.map((path) => path.split('/', 2).join('/')));
  for (const top of [...tops].filter((name) => /^(config|docs)\//.test(name))) tops.delete(top);
  expect([...tops].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'deploy/grafana',
    'deploy/kubernetes',
    'deploy/prometheus',
    'dist/licences-of-bundled-packages.txt',
    'dist/seed',
    'dist/src',
    'package.json',
  ]);
  expect(packed).toEqual(
    expect.arrayContaining([
      'dist/src/main.js',
      'dist/seed/embedded.tar.gz',
      'config/keysweep.yaml',
      'config/keysweep.schema.json',
      'config/policy.schema.json',
      'config/policies/pci-dss.yaml',
      'docs/rules/stale.md',
    ]),
  );
});

test('init in an empty folder, then sandbox and sweep: the example key is found stale', async () => {
  const cwd = await emptyFolder();
  const init = await start(keysweep, ['init', '--yes'], cwd).ended;
  expect(init, init.stderr).toMatchObject({ code: 0 });

  const sandbox = start(keysweep, ['sandbox', '--port', '0'], cwd);
  const address = () => /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(sandbox.written.stderr)?.[0];
  const url = await eventually('the sandbox answers', address, patience);
  const env = { FLEXCHARGE_BASE_URL: url };
  expect(await start(keysweep, ['config', 'validate'], cwd, env).ended).toMatchObject({
    code: 0,
    stderr: '',
  });
  const sweep = await start(keysweep, ['sweep', '--format', 'json'], cwd, env).ended;
  expect(sweep, sweep.stderr).toMatchObject({ code: 1 });
  const { coverage, keys, violations } = JSON.parse(sweep.stdout);
  expect(coverage).toMatchObject({ tracked: 1, audited: 1, unknown: 0 });
  expect(keys).toMatchObject([{ keyId: 'key_old_erp', verdict: 'fail', owner: 'support' }]);
  expect(violations).toContainEqual(
    expect.objectContaining({
      rule: 'stale-45',
      facts: expect.objectContaining({ idleDays: 46, allowedDays: 45 }),
    }),
  );
}, 240_000);

/** `script` of util-linux runs a command in a pseudo-terminal; elsewhere it has other options. */
const script = findProgram('script') ?? '';
const hasScript = script !== '' && String(spawnSync(script, ['-V']).stdout).includes('util-linux');

test.skipIf(!hasScript)(
  'init asks in a real terminal, and writes nothing after Ctrl-C',
  async () => {
    const cwd = await emptyFolder();
    const inTerminal = () => start(script, ['-qec', `${keysweep} init`, '/dev/null'], cwd);
    const stopped = inTerminal();
    await eventually('it asks', () => stopped.written.stdout.includes('production?'), patience);
    stopped.child.stdin.write('\u0003');
    expect(await stopped.ended).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('stopped; nothing was written'),
    });
    expect(await readdir(cwd)).toEqual([]);

    const answered = inTerminal();
    await eventually('it asks', () => answered.written.stdout.includes('production?'), patience);
    answered.child.stdin.write('production\r');
    await eventually(
      'it asks when',
      () => answered.written.stdout.includes('[30 2 * * *]'),
      patience,
    );
    answered.child.stdin.write('@weekly\r');
    expect(await answered.ended).toMatchObject({ code: 0 });
    const yaml = await readFile(join(cwd, 'config', 'keysweep.yaml'), 'utf8');
    expect(yaml).toContain('environment: production');
    expect(yaml).toContain('cron: "@weekly"');
  },
);
