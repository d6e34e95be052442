import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeOwnToken } from '../../src/app/own-token.ts';
import { hashToken } from '../../src/config/http/http-config.ts';

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'http-token');
}

test('the token is made once, for this user alone, and taken again', async () => {
  const file = place();
  const made = await takeOwnToken(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const token = readFileSync(file, 'utf8').trim();
  expect(token).toMatch(/^keysweep_[A-Za-z0-9_-]{43}$/);
  expect(made).toEqual({ name: 'own-token', role: 'operator', sha256: hashToken(token) });
  expect(await takeOwnToken(file)).toEqual(made);
  expect(readdirSync(join(file, '..'))).toEqual(['http-token']);
});

test('processes that make it at the same time have the same token', async () => {
  const file = place();
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeOwnToken(file)));
  expect(new Set(taken.map(({ sha256 }) => sha256.toString('hex'))).size).toBe(1);
  expect(readdirSync(join(file, '..'))).toEqual(['http-token']);
});

test('a token that the user wrote is taken', async () => {
  const file = place();
  writeFileSync(file, 'of-the-user\n');
  expect((await takeOwnToken(file)).sha256).toEqual(hashToken('of-the-user'));
});

test.each(['', 'canary7', 'canary of two words', 'canary-line\ncanary-line'])(
  'a file that holds no token is refused, without its text: %j',
  async (text) => {
    const file = place();
    writeFileSync(file, text);
    const refused = await takeOwnToken(file).catch((error) => error);
    expect(refused).toMatchObject({ code: 'KEYSWEEP_OWN_TOKEN' });
    expect(refused.message).toContain(file);
    expect(refused.message).not.toContain('canary');
  },
);

test('a place where nothing can be written is named, with the mend', async () => {
  const refused = await takeOwnToken('/proc/no-such-folder/token').catch((error) => error);
  expect(refused).toMatchObject({ code: 'KEYSWEEP_OWN_TOKEN' });
  expect(refused.message).toMatch(/\/proc\/no-such-folder\/token \(ENOENT\); name another http/);
});
