import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkHttp } from '../../src/doctor/checks/check-http.ts';
import type { Examination } from '../../src/doctor/examination.ts';
import { goodConfig, readGood } from '../config/workspace.ts';

async function look(http: string) {
  const lines = http === '' ? goodConfig : `${goodConfig}http: ${http}\n`;
  const { config } = await readGood({ files: { 'config/keysweep.yaml': lines } });
  return checkHttp({ config } as Examination);
}

test('says nothing without a server', async () => {
  expect(await look('')).toEqual([]);
});

test('looks at the file of the token that start makes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'token');
  const statusOf = async () => (await look(`{ tokenFile: "${file}" }`)).map(({ status }) => status);
  expect(await look(`{ tokenFile: "${file}" }`)).toMatchObject([
    { check: file, status: 'ok', seen: 'start will make a token here' },
  ]);
  writeFileSync(file, 'of-the-user', { mode: 0o600 });
  expect(await statusOf()).toEqual(['ok']);
  chmodSync(file, 0o644);
  expect(await statusOf()).toEqual(['warning']);
  expect(await look(`{ tokenFile: "${file}/in/it" }`)).toMatchObject([{ status: 'failure' }]);
});
