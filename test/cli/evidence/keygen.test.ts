import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.ts';
import { parseSigningKey } from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey, parseVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import { workspace } from '../../config/workspace.ts';
import { collect, nobody } from '../run.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-keygen-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function keygen(cwd: string, ...args: string[]) {
  const [out, err] = [collect(), collect()];
  const { signal } = new AbortController();
  const streams = { stdin: nobody, stdout: out.stream, stderr: err.stream };
  const code = await runCli(['evidence', 'keygen', ...args], { env: {}, cwd, signal, ...streams });
  return { code, stdout: out.text(), stderr: err.text() };
}

const read = (cwd: string, name: string) => readFileSync(join(cwd, name), 'utf8');

test('writes a key that only this user may read, its verifier key beside it, and prints that', async () => {
  const cwd = emptyFolder();
  const { code, stdout, stderr } = await keygen(cwd, '--output', 'e.key', '--origin', 'keysweep/a');
  expect({ code, stdout }).toEqual({ code: 0, stdout: read(cwd, 'e.key.pub') });
  expect(stderr).toBe('wrote e.key (secret: only this user may read it) and e.key.pub\n');

  const key = parseSigningKey(read(cwd, 'e.key'));
  expect(key.verifier).toMatchObject({ name: 'keysweep/a', type: 1 });
  expect(stdout).toBe(`${encodeVerifierKey(key.verifier)}\n`);
  expect(statSync(join(cwd, 'e.key')).mode & 0o777).toBe(0o600);
});

test('makes another key each time', async () => {
  const cwd = emptyFolder();
  const { stdout } = await keygen(cwd, '--output', 'one', '--origin', 'a');
  expect((await keygen(cwd, '--output', 'two', '--origin', 'a')).stdout).not.toBe(stdout);
});

test('makes the key of a witness', async () => {
  const cwd = emptyFolder();
  const { stdout } = await keygen(cwd, '--output', 'w.key', '--witness', 'w.example');
  expect(parseVerifierKey(stdout.trim())).toMatchObject({ name: 'w.example', type: 4 });
  expect(parseSigningKey(read(cwd, 'w.key')).verifier.type).toBe(4);
});

test.each(['e.key', 'e.key.pub'])('replaces no %s, and writes nothing', async (name) => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, name), 'mine');
  const { code, stdout, stderr } = await keygen(cwd, '--output', 'e.key', '--origin', 'a');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^${name}: exists already; keysweep evidence keygen replaces no`),
  );
  expect(read(cwd, name)).toBe('mine');
  expect(existsSync(join(cwd, name === 'e.key' ? 'e.key.pub' : 'e.key'))).toBe(false);
});

test('does not write through a link, not even one that leads nowhere', async () => {
  const cwd = emptyFolder();
  symlinkSync(join(cwd, 'target'), join(cwd, 'e.key'));
  const { code } = await keygen(cwd, '--output', 'e.key', '--origin', 'a');
  expect(code).toBe(2);
  expect(existsSync(join(cwd, 'target'))).toBe(false);
});

test('leaves nothing behind where it may not write', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'file'), '');
  const { code, stderr } = await keygen(cwd, '--output', 'file/e.key', '--origin', 'a');
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('takes the name of the configuration, whose key is not there yet', async () => {
  const files = {
    'config/keysweep.yaml': `evidence: { keyFile: e.key, origin: "$\{LOG:-keysweep/b}" }\n`,
  };
  const cwd = workspace(files);
  const { code, stdout } = await keygen(cwd, '--output', 'config/e.key');
  expect(code).toBe(0);
  expect(parseVerifierKey(stdout.trim()).name).toBe('keysweep/b');

  const other = await keygen(cwd, '--output', 'x', '--origin', 'keysweep/c');
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('evidence.origin of the configuration is keysweep/b');
  expect((await keygen(cwd, '--output', 'y', '--origin', 'keysweep/b')).code).toBe(0);
  expect((await keygen(cwd, '--output', 'z', '--witness', 'w')).code).toBe(0);
});

test.each([
  [['--output', 'k'], /^name the log with --origin/],
  [['--origin', 'a'], /required option '--output <file>' not specified/],
  [['--output', '-', '--origin', 'a'], /^--output -: a key is written to a file only/],
  [['--output', 'k', '--origin', 'a b'], /^--origin: must hold no space/],
  [['--output', 'k', '--origin', 'a+b'], /^--origin: must hold no space and no plus sign/],
  [['--output', 'k', '--origin', ''], /^--origin: must hold/],
  [['--output', 'k', '--witness', 'a b'], /^--witness: must hold no space/],
  [['--output', 'k', '--origin', 'a'.repeat(201)], /^--origin: must have at most 200/],
  [['--output', 'k', '--origin', 'a', '--witness', 'b'], /'--witness <name>' cannot be used with/],
])('%j is refused', async (args, words) => {
  const cwd = emptyFolder();
  const { code, stdout, stderr } = await keygen(cwd, ...args);
  expect(stderr).toMatch(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(existsSync(join(cwd, 'k'))).toBe(false);
});
