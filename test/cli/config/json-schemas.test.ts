import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { jsonSchemas, staleSchemas, writeSchemas } from '../../../src/cli/config/json-schemas.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { renderMistake } from '../../../src/documents/mistake.ts';
import { encodeSigningKey, signingKeyOf } from '../../../src/evidence/log/signing-key.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('the schemas in config/ are what the code makes today', async () => {
  expect(await staleSchemas(join(root, 'config'))).toEqual([]);
});

test('schemas that are missing or old are written, others are left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-schemas-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(await writeSchemas(folder)).toHaveLength(4);
  expect(await staleSchemas(folder)).toEqual([]);
  writeFileSync(join(folder, 'keys.schema.json'), '{}');
  expect(await staleSchemas(folder)).toEqual(['keys.schema.json']);
  expect(await writeSchemas(folder)).toEqual(['keys.schema.json']);
});

test('the configuration that comes with the program is right, whole, and needs no variables', async () => {
  const read = await readConfig({ env: {}, cwd: root });
  // Its store is not in the folder of examples that the program brings.
  const store = { kind: 'embedded', folder: join(root, '.keysweep') };
  expect(read).toMatchObject({ ok: true, warnings: [], config: { store } });
});

test('what it leaves out as comments is right when the signs of comments are taken away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-whole-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'config'), folder, { recursive: true });
  const text = readFileSync(join(folder, 'keysweep.yaml'), 'utf8');
  const values: Record<string, string> = {
    siem: `whsec_${Buffer.alloc(24).toString('base64')}`,
    'smtp-url': 'smtp://mail.example',
  };
  const named = [...text.matchAll(/\/run\/secrets\/([a-z-]+)/g)].map(([, name = '']) => name);
  for (const name of named) writeFileSync(join(folder, name), values[name] ?? 'https://h.example');
  const key = encodeSigningKey(signingKeyOf('keysweep/acme', 1, Buffer.alloc(32)));
  writeFileSync(join(folder, 'evidence.key'), key);
  writeFileSync(
    join(folder, 'keysweep.yaml'),
    text.replaceAll('/run/secrets/', '').replace(/^( *)# ( *(?:- \{|[a-zA-Z]+:))/gm, '$1$2'),
  );
  const read = await readConfig({ path: join(folder, 'keysweep.yaml'), env: {}, cwd: folder });
  if (!read.ok) throw new Error(read.mistakes.map(renderMistake).join('\n'));
  const { alerts, heartbeats, owners } = read.config;
  expect(alerts.channels.map(({ type }) => type)).toEqual([
    'log',
    'webhook',
    'slack',
    'pagerduty',
    'email',
    'teams',
  ]);
  expect(alerts.routes).toHaveLength(2);
  expect(alerts).toMatchObject({ anomaly: { changed: 0.3 }, remindAfterMs: 604_800_000 });
  expect([[...heartbeats.keys()], [...owners.keys()]]).toEqual([['nightly'], ['payments']]);
});

test('editors learn that a file or a variable may stand for a value', () => {
  const schema = JSON.parse(jsonSchemas()['keysweep.schema.json'] ?? '');
  const source = schema.properties.sources.items;
  expect(source.properties.appSecretFile).toEqual({ type: 'string', minLength: 1 });
  expect(source.properties.attempts.anyOf).toContainEqual({ type: 'string', pattern: '\\$\\{' });
  expect(source.allOf).toContainEqual({
    anyOf: [{ required: ['appSecret'] }, { required: ['appSecretFile'] }],
  });
  expect(source.required).toEqual(['type']);
  const email = schema.properties.alerts.properties.channels.items.oneOf[3];
  expect(email.properties.smtpFile).toEqual({ type: 'string', minLength: 1 });
  expect(email.allOf).toContainEqual({
    anyOf: [{ required: ['smtp'] }, { required: ['smtpFile'] }],
  });
  const owner = schema.properties.owners.additionalProperties;
  expect(Object.keys(owner.properties)).toEqual(['channels', 'email', 'emailFile']);
  const http = schema.properties.http.properties;
  expect(http.tokens.items.properties.tokenFile).toEqual({ type: 'string', minLength: 1 });
  expect(Object.keys(http).filter((name) => /^token/.test(name))).toEqual(['tokens', 'tokenFile']);
});

test('editors learn both forms of a waiver: keys or a match, one approver or several', () => {
  const { properties } = JSON.parse(jsonSchemas()['policy.schema.json'] ?? '');
  const waiver = properties.waivers.items;
  expect(waiver.properties.approvedBy.anyOf.map(({ type }: { type: string }) => type)).toEqual([
    'string',
    'array',
  ]);
  expect(waiver.oneOf).toEqual([{ required: ['keys'] }, { required: ['match'] }]);
  expect(waiver.properties.match.minProperties).toBe(1);
  expect(waiver.properties.expires).toMatchObject({ type: 'string', format: 'date' });
  expect(waiver.required).toEqual(['id', 'rule', 'reason', 'requestedBy', 'approvedBy', 'expires']);
  expect(waiver.additionalProperties).toBe(false);
});
