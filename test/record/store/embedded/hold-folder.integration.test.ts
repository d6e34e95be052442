import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Holder, holdFolder } from '../../../../src/record/store/embedded/hold-folder.ts';

const program = new URL('../../../../build/test/hold-process.js', import.meta.url);

interface Said {
  readonly kind: 'held' | 'taken';
  readonly holder: Holder | null;
}

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-hold-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map(kill));
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Said & { readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [program.pathname, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as Said), child };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** What the folder says of its holder, alive or dead. */
async function lastHolder(): Promise<Holder> {
  const name = (await readdir(folder)).filter((one) => one.startsWith('holder-')).sort();
  return JSON.parse(await readFile(join(folder, name.at(-1) ?? ''), 'utf8')) as Holder;
}

async function holdHere() {
  const hold = await holdFolder(folder, createServer());
  if (hold.kind !== 'held') throw new Error(`held by ${hold.holder.pid}`);
  return hold;
}

describe('the holder of a folder', () => {
  test('is reported to a second process with its pid', async () => {
    const first = await start();
    const second = await start();
    expect(first.kind).toBe('held');
    expect(second).toMatchObject({ kind: 'taken', holder: { pid: first.child.pid } });
  });

  test('is followed by another process after SIGKILL, and its socket is removed', async () => {
    const first = await start();
    const { socket } = await lastHolder();
    await kill(first.child);
    const second = await start();
    expect(second.kind).toBe('held');
    expect((await lastHolder()).pid).toBe(second.child.pid);
    await expect(stat(socket)).rejects.toThrow('ENOENT');
  });

  test('still holds while it is stopped', async () => {
    const first = await start();
    first.child.kill('SIGSTOP');
    expect((await start()).kind).toBe('taken');
  });

  test('is one of eight processes that start at once after a dead one', async () => {
    for (let round = 0; round < 3; round += 1) {
      const dead = await start();
      await kill(dead.child);
      const said = await Promise.all(Array.from({ length: 8 }, start));
      const held = said.filter(({ kind }) => kind === 'held');
      expect(held).toHaveLength(1);
      const pids = said.flatMap(({ holder }) => holder?.pid ?? []);
      expect(new Set(pids)).toEqual(new Set([held[0]?.child.pid]));
      await Promise.all(said.map(({ child }) => kill(child)));
    }
  });

  test('leaves the folder to others when it ends normally', async () => {
    const first = await start();
    first.child.stdin?.end();
    await once(first.child, 'exit');
    expect((await start()).kind).toBe('held');
  });
});

describe('holding a folder', () => {
  test('is refused to the same process a second time, until it is released', async () => {
    const hold = await holdHere();
    const second = await holdFolder(folder, createServer());
    expect(second).toMatchObject({ kind: 'taken', holder: { pid: process.pid } });
    await hold.release();
    await (await holdHere()).release();
  });

  test('answers on a socket that only its user may open', async () => {
    const hold = await holdHere();
    const { socket } = await lastHolder();
    expect(socket.startsWith(folder)).toBe(true);
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    await hold.release();
  });

  test('holds a folder whose path is too long for a socket', async () => {
    folder = join(folder, 'd'.repeat(120));
    const hold = await holdHere();
    expect((await lastHolder()).pid).toBe(process.pid);
    await hold.release();
  });

  test('ignores files that no holder wrote', async () => {
    await writeFile(join(folder, 'holder-7.json'), 'half a wo');
    await writeFile(join(folder, 'holder-8.json'), '{"pid":1,"socket":""}');
    const hold = await holdHere();
    expect((await lastHolder()).pid).toBe(process.pid);
    await hold.release();
  });

  test('gives way to a higher number, even if a lower one is free', async () => {
    const hold = await holdHere();
    const { socket } = await lastHolder();
    // A holder that followed ours and removed it: number 1 is free again.
    await writeFile(join(folder, 'holder-2.json'), JSON.stringify({ pid: 4242, socket }));
    await rm(join(folder, 'holder-1.json'));
    const late = await holdFolder(folder, createServer());
    expect(late).toMatchObject({ kind: 'taken', holder: { pid: 4242 } });
    await hold.release();
  });

  test('leaves one small file, however often it is held', async () => {
    for (let times = 0; times < 5; times += 1) await (await holdHere()).release();
    expect(await readdir(folder)).toEqual(['holder-5.json']);
  });
});
