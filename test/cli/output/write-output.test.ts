import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkOutput, writeOutput } from '../../../src/cli/output/write-output.ts';
import { collect, nobody, run } from '../run.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-output-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function* twice(text: string) {
  yield text;
  yield text;
}

function terminalIn(cwd: string, signal = new AbortController().signal) {
  const [out, err] = [collect(), collect()];
  const terminal = { env: {}, cwd, stdin: nobody, stdout: out.stream, stderr: err.stream, signal };
  return { terminal, stdout: out.text, stderr: err.text };
}

function write(cwd: string, output: string | undefined, text = 'whole;') {
  return writeOutput(terminalIn(cwd).terminal, twice(text), output);
}

/** The same line before the work and when it is done. */
async function bothRefuse(cwd: string, output: string): Promise<string> {
  const { terminal } = terminalIn(cwd);
  const early = await checkOutput(terminal, output).catch((error) => error);
  const late = await write(cwd, output).catch((error) => error);
  expect(late.message).toBe(early.message);
  expect(late.name).toBe('CommandFailed');
  return late.message;
}

describe('a plain file', () => {
  test('is made new and private, or replaced with the permissions of the old one', async () => {
    const folder = makeFolder();
    await write(folder, 'new.txt');
    expect(readFileSync(join(folder, 'new.txt'), 'utf8')).toBe('whole;whole;');
    expect(statSync(join(folder, 'new.txt')).mode & 0o777).toBe(0o600);

    const old = join(folder, 'old.txt');
    writeFileSync(old, 'a much longer text than the new one');
    chmodSync(old, 0o644);
    const reader = openSync(old, 'r');
    await write(folder, old);
    expect(readFileSync(old, 'utf8')).toBe('whole;whole;');
    expect(statSync(old).mode & 0o777).toBe(0o644);
    // Who had the old file open still reads the old one.
    expect(readFileSync(reader, 'utf8')).toMatch(/^a much longer/);
    closeSync(reader);
    expect(readdirSync(folder).toSorted()).toEqual(['new.txt', 'old.txt']);
  });

  test('stays as it was when the data ends with an error, whose words are kept', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'f'), 'old');
    const broken = async function* () {
      yield 'new';
      throw Object.assign(new Error('the database is gone'), { code: '57P01' });
    };
    const { terminal } = terminalIn(folder);
    await expect(writeOutput(terminal, broken(), 'f')).rejects.toThrow('the database is gone');
    expect(readFileSync(join(folder, 'f'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['f']);
  });
});

describe('a symbolic link', () => {
  test('stays, and its target is written: near, far, through others, or not there yet', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept', 'there'), 'old');
    symlinkSync('kept/there', join(folder, 'near'));
    symlinkSync(join(folder, 'near'), join(folder, 'far'));
    symlinkSync('kept', join(folder, 'folder'));
    symlinkSync('folder/later', join(folder, 'dangling'));
    for (const name of ['near', 'far', 'dangling']) await write(folder, name, `${name};`);
    expect(readFileSync(join(folder, 'kept', 'there'), 'utf8')).toBe('far;far;');
    expect(readFileSync(join(folder, 'kept', 'later'), 'utf8')).toBe('dangling;dangling;');
    for (const name of ['near', 'far', 'dangling', 'folder']) {
      expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
    }
  });

  test('is refused if its folder is missing or it leads in a circle', async () => {
    const folder = makeFolder();
    symlinkSync('none/file', join(folder, 'lost'));
    symlinkSync('round', join(folder, 'round'));
    expect(await bothRefuse(folder, 'lost')).toBe(
      `${join(folder, 'lost')}: cannot be written: its folder does not exist (ENOENT)`,
    );
    expect(await bothRefuse(folder, 'round')).toContain('its links go round in a circle (ELOOP)');
  });
});

describe('a pipe or device', () => {
  const pipeIn = (folder: string) => {
    const pipe = join(folder, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    return pipe;
  };

  test('a pipe gets everything, more than it holds too, and waits for its reader', async () => {
    const folder = makeFolder();
    const pipe = pipeIn(folder);
    const written = write(folder, pipe, 'x'.repeat(300_000));
    const reader = spawn('wc', ['-c', pipe]);
    const [counted] = await once(reader.stdout, 'data');
    await written;
    expect(String(counted)).toMatch(/^600000 /);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  test('a pipe whose reader leaves early is an error', async () => {
    const folder = makeFolder();
    const pipe = pipeIn(folder);
    spawn('head', ['-c', '1', pipe]);
    await expect(write(folder, pipe, 'x'.repeat(3_000_000))).rejects.toThrow(
      `${pipe}: cannot be written: the reader closed the pipe (EPIPE)`,
    );
  });

  test('a pipe that nobody reads is left when the command is to stop', async () => {
    const folder = makeFolder();
    const stop = new AbortController();
    const { terminal } = terminalIn(folder, stop.signal);
    const written = writeOutput(terminal, twice('x'), pipeIn(folder));
    stop.abort();
    await expect(written).rejects.toThrow('stopped before anybody read this pipe');
  });

  test('/dev/null stays a device, also behind a link, and /dev/full is a full disk', async () => {
    const folder = makeFolder();
    symlinkSync('/dev/null', join(folder, 'null'));
    await write(folder, '/dev/null');
    await write(folder, 'null');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(lstatSync(join(folder, 'null')).isSymbolicLink()).toBe(true);
    await expect(write(folder, '/dev/full')).rejects.toThrow(
      '/dev/full: cannot be written: the disk is full (ENOSPC)',
    );
    expect(existsSync(`/dev/full.${process.pid}.part`)).toBe(false);
  });

  test('the streams of the process and its open files are written where they are', async () => {
    const folder = makeFolder();
    const { terminal, stdout, stderr } = terminalIn(folder);
    await writeOutput(terminal, twice('out;'), '/dev/stdout');
    await writeOutput(terminal, twice('err;'), '/proc/self/fd/2');
    expect([stdout(), stderr()]).toEqual(['out;out;', 'err;err;']);

    const file = join(folder, 'log');
    writeFileSync(file, 'before;');
    const fd = openSync(file, 'a');
    await write(folder, `/dev/fd/${fd}`, 'after;');
    closeSync(fd);
    expect(readFileSync(file, 'utf8')).toBe('before;after;after;');
  });
});

test('a folder, a file as a folder and a socket are refused before the work', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'file'), '');
  for (const name of ['.', '/', 'none/', `${folder}/`]) {
    expect(await bothRefuse(folder, name)).toContain('cannot be written: it is a folder (EISDIR)');
  }
  expect(await bothRefuse(folder, 'file/x')).toContain('is not a folder (ENOTDIR)');
  expect(await bothRefuse(folder, 'n'.repeat(300))).toContain('its name is too long');
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  expect(await bothRefuse(folder, 'socket')).toContain('it is a socket');
  server.close();
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('');
});

test('every command with --output refuses it before it does anything else', async () => {
  for (const command of ['sweep', 'audit k', 'report', 'findings', 'keys list', 'alerts list']) {
    const args = [...command.split(' '), '--config', '/none.yaml', '--output', '/none/x'];
    expect(await run(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: '/none/x: cannot be written: its folder does not exist (ENOENT)\n',
    });
  }
  const empty = await run(['report', '--output', '']);
  expect(empty.code).toBe(2);
  expect(empty.stderr).toContain('It must name a file, or be - for stdout.');
});
