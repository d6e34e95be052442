import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ConfigRead, readConfig } from '../../src/config/read-config.ts';
import { renderMistake } from '../../src/documents/mistake.ts';

export const goodConfig = `sources:
  - id: prod
    type: flexcharge
    environment: production
    appKey: key-of-app
    appSecret: secret-of-app
inventory:
  - file: keys.csv
policy: policy.yaml
`;
export const goodPolicy = `version: "1"
rules:
  - { id: stale-45, type: stale, after: 45d, severity: high }
`;
export const goodKeys = 'source,key_id\nprod,key_1\n';

/** A folder with a configuration that is right; the test states what differs (null: no file). */
export function workspace(files: Record<string, string | Buffer | null> = {}): string {
  const { folder, remove } = keepWorkspace(files);
  onTestFinished(remove);
  return folder;
}

/** The same for several tests, which remove it themselves. */
export function keepWorkspace(files: Record<string, string | Buffer | null> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-config-'));
  const ordinary = {
    'config/keysweep.yaml': goodConfig,
    'config/policy.yaml': goodPolicy,
    'config/keys.csv': goodKeys,
  };
  for (const [name, content] of Object.entries({ ...ordinary, ...files })) {
    if (content === null) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

export interface World {
  readonly files?: Record<string, string | Buffer | null>;
  readonly env?: Record<string, string>;
  readonly path?: string;
}

export function read({ files, env = {}, path }: World = {}): Promise<ConfigRead> {
  return readConfig({ path, env, cwd: workspace(files) });
}

/** The configuration, which the test takes to be right. */
export async function readGood(world: World = {}) {
  const result = await read(world);
  if (!result.ok) throw new Error(result.mistakes.map(renderMistake).join('\n'));
  return result;
}

/** The lines that tell the mistakes; none for a configuration that is right. */
export async function mistakesOf(world: World): Promise<string[]> {
  const result = await read(world);
  return result.ok ? [] : result.mistakes.map(renderMistake);
}

/** As `mistakesOf`, for keysweep.yaml with these lines added at its end. */
export function mistakesWith(lines: string, env: Record<string, string> = {}): Promise<string[]> {
  return mistakesOf({ files: { 'config/keysweep.yaml': goodConfig + lines }, env });
}

/** As `mistakesOf`, for keysweep.yaml with one text in place of another. */
export function mistakesWhere(from: string, to: string, env: Record<string, string> = {}) {
  if (!goodConfig.includes(from)) throw new Error(`the good config does not hold ${from}`);
  return mistakesOf({ files: { 'config/keysweep.yaml': goodConfig.replace(from, () => to) }, env });
}
