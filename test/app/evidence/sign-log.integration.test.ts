import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import { parseCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { hashLeaf, rootOf } from '../../../src/evidence/log/merkle.ts';
import { parseNote, verifyNote } from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { readNewestCheckpoint } from '../../../src/record/log/checkpoints.ts';
import { describeOwnStores } from '../../record/stores.ts';
import { all, run } from '../../record/world.ts';

const origin = 'keysweep/test';
const key = signingKeyOf(origin, 1, Buffer.alloc(32, 3));

describeOwnStores('signing the evidence log', (get) => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keysweep-sign-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const stateFile = () => join(folder, 'evidence.checkpoint');
  const terms = () => ({ key, origin, stateFile: stateFile() });
  const append = (leaves = 1) =>
    get().transact(async (tx) => {
      for (let n = 1; n <= leaves; n += 1) {
        await appendLeaf(tx, { event: 'retention-set', retentionMs: n });
      }
    });
  const rootNow = async () => {
    const leaves = await all<{ body: string }>(
      get(),
      'select body from keysweep.log_leaf order by n',
    );
    return {
      size: leaves.length,
      root: rootOf(leaves.map(({ body }) => hashLeaf(Buffer.from(body)))),
    };
  };
  const newest = async () => (await readNewestCheckpoint(get().db))?.note ?? '';

  test('signs nothing while there is no leaf', async () => {
    expect(await signLog(get(), terms())).toBeUndefined();
    await expect(stat(stateFile())).rejects.toThrow('ENOENT');
  });

  test('signs the size and root of all leaves, and keeps the note outside the database', async () => {
    await append(3);
    const { size, root } = await rootNow();
    expect(await signLog(get(), terms())).toBe(size);
    const note = await newest();
    const read = parseNote(note);
    expect(verifyNote(read, [key.verifier])).toHaveLength(1);
    expect(parseCheckpoint(read.text)).toEqual({ origin, size, root, extensions: [] });
    expect(await readFile(stateFile(), 'utf8')).toBe(note);
    expect((await stat(stateFile())).mode & 0o777).toBe(0o600);
  });

  test('signs the same log once, and a longer one anew, across full tiles', async () => {
    const before = await newest();
    expect(await signLog(get(), terms())).toBe((await rootNow()).size);
    expect(await newest()).toBe(before);
    await append(300);
    const { size, root } = await rootNow();
    expect(await signLog(get(), terms())).toBe(size);
    expect(parseCheckpoint(parseNote(await newest()).text)).toMatchObject({ size, root });
  });

  test('gives the log the checkpoint that a killed process had only written to the file', async () => {
    const { size } = await rootNow();
    await run(get(), `delete from keysweep.checkpoint where size = ${size}`);
    await signLog(get(), terms());
    expect(await newest()).toBe(await readFile(stateFile(), 'utf8'));
  });

  test('goes on from the log’s own checkpoint on a machine without the file', async () => {
    await append();
    const other = { ...terms(), stateFile: join(folder, 'elsewhere.checkpoint') };
    const { size } = await rootNow();
    expect(await signLog(get(), other)).toBe(size);
    expect(await readFile(other.stateFile, 'utf8')).toBe(await newest());
    await signLog(get(), terms());
  });

  const rewrite = {
    'a leaf and its hash were replaced': `update keysweep.log_leaf set hash = sha256('x') where n = 301`,
    'the root of a full tile was replaced': `update keysweep.log_tile set root = sha256('x')`,
    'a full tile was removed': 'truncate keysweep.log_tile',
    'the newest leaves were removed':
      'delete from keysweep.log_leaf where n > 300; update keysweep.log_head set size = 301',
    'everything was removed': 'truncate keysweep.log_leaf, keysweep.log_tile, keysweep.log_head',
  };
  test.each(Object.entries(rewrite))('refuses to sign after %s', async (_, statement) => {
    await run(get(), 'create table if not exists keysweep.undo_leaf as table keysweep.log_leaf');
    await run(get(), 'create table if not exists keysweep.undo_tile as table keysweep.log_tile');
    await run(get(), 'create table if not exists keysweep.undo_head as table keysweep.log_head');
    const before = await newest();
    await run(get(), statement);
    await expect(signLog(get(), terms())).rejects.toMatchObject({
      code: 'KEYSWEEP_SIGNING_REFUSED',
      message: expect.stringContaining(stateFile()),
    });
    expect(await newest()).toBe(before);
    expect(await readFile(stateFile(), 'utf8')).toBe(before);
    await run(
      get(),
      `truncate keysweep.log_leaf, keysweep.log_tile, keysweep.log_head;
       insert into keysweep.log_leaf select * from keysweep.undo_leaf;
       insert into keysweep.log_tile select * from keysweep.undo_tile;
       insert into keysweep.log_head select * from keysweep.undo_head;
       drop table keysweep.undo_leaf, keysweep.undo_tile, keysweep.undo_head`,
    );
    expect(await signLog(get(), terms())).toBe((await rootNow()).size);
  });

  test.each([
    ['was changed', "update keysweep.log_leaf set body = body || ' ' where n = $n"],
    ['was changed', 'update keysweep.log_leaf set n = n + 1 where n = $n'],
  ])('refuses to sign a new leaf that %s: %s', async (why, statement) => {
    const { size } = await rootNow();
    await append();
    await run(get(), statement.replace('$n', String(size)));
    await expect(signLog(get(), terms())).rejects.toThrow(
      `leaf ${size} of the evidence log ${why}`,
    );
    await run(get(), `delete from keysweep.log_leaf where n >= ${size}`);
    await run(get(), `update keysweep.log_head set size = ${size}`);
  });

  test.each([
    ['another key signed', async () => (await newest()).replace(/— .*\n/, '')],
    ['is no note', async () => 'a text'],
  ])('refuses to go on from a file that %s', async (_, text) => {
    const before = await readFile(stateFile(), 'utf8');
    await writeFile(stateFile(), await text());
    await expect(signLog(get(), terms())).rejects.toMatchObject({
      code: 'KEYSWEEP_SIGNING_REFUSED',
    });
    await writeFile(stateFile(), before);
  });

  test('names the file that cannot be written', async () => {
    await append();
    const nowhere = { ...terms(), stateFile: join(folder, 'no', 'folder') };
    await expect(signLog(get(), nowhere)).rejects.toThrow(`${nowhere.stateFile} (ENOENT)`);
  });
});
