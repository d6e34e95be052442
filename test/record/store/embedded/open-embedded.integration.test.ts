import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postgresMajor } from '../../../../src/record/store/embedded/check-database.ts';
import { describeFolderFailure } from '../../../../src/record/store/embedded/describe-folder-failure.ts';
import { openEmbedded } from '../../../../src/record/store/embedded/open-embedded.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ks-open-'));
  folder = join(parent, 'store');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const refusal = async () => {
  const error = await openEmbedded(folder).then(
    () => undefined,
    (refused: Error & { code?: string }) => refused,
  );
  expect(error?.code).toBe('KEYSWEEP_STORE_UNUSABLE');
  return error?.message;
};

describe('an embedded store that cannot be opened says what is wrong and what to do', () => {
  test('with files of a database that are missing, empty or of another version', async () => {
    await (await openEmbedded(folder)).close();
    const at = (name: string) => join(folder, 'db', name);
    const restore = 'restore a backup, or set store.url to another folder';
    await writeFile(at('PG_VERSION'), '14\n');
    expect(await refusal()).toBe(
      `the embedded store in ${folder} was written by PostgreSQL 14, and this version of keysweep reads ${postgresMajor}; use the version of keysweep that wrote it, ${restore}`,
    );
    await rm(at('PG_VERSION'));
    expect(await refusal()).toBe(
      `the embedded store in ${folder} is damaged: PG_VERSION is missing in ${join(folder, 'db')}; ${restore}`,
    );
    await writeFile(at('PG_VERSION'), `${postgresMajor}\n`);
    await truncate(at('global/pg_control'), 0);
    expect(await refusal()).toContain('global/pg_control has 0 bytes instead of 8192');
    await rm(at('pg_wal'), { recursive: true });
    expect(await refusal()).toContain('pg_wal is missing');
  });

  test('with files that are whole and hold nonsense', async () => {
    await (await openEmbedded(folder)).close();
    await writeFile(join(folder, 'db', 'global', 'pg_control'), randomBytes(8_192));
    const damaged = `is damaged: PostgreSQL cannot open its files in ${join(folder, 'db')}`;
    expect(await refusal()).toContain(`the embedded store in ${folder} ${damaged}; restore a`);
  });

  test('with a file where the folder should be', async () => {
    await writeFile(folder, '');
    expect(await refusal()).toContain(`a file is where a folder should be (EEXIST at ${folder})`);
  });
});

test('a file system that is read-only, without hard links or sockets, or of another user, is named', () => {
  const failure = { code: 'EPERM', syscall: 'link', path: '/s/x', uid: 7, owner: 7 };
  expect(describeFolderFailure(failure)).toBe(
    'cannot be used: its file system has no hard links (EPERM at /s/x); set store.url to a folder on a local disk',
  );
  expect(describeFolderFailure({ ...failure, syscall: 'listen' })).toContain('no Unix sockets');
  const readOnly = { ...failure, code: 'EROFS', syscall: 'open' };
  expect(describeFolderFailure(readOnly)).toBe(
    'cannot be used: its file system is read-only (EROFS at /s/x); mount it for writing, or set store.url to another folder',
  );
  const denied = { ...failure, code: 'EACCES', syscall: 'mkdir' };
  expect(describeFolderFailure(denied)).toContain('this user (7) has no permission (EACCES');
  expect(describeFolderFailure({ ...denied, owner: 8 })).toContain('it belongs to user 8');
});
