import { writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createCurrentFiles } from '../../../src/app/files/current-files.ts';
import { watchConfig } from '../../../src/app/files/watch-config.ts';
import {
  type Watching,
  watchInventory,
  watchPolicy,
} from '../../../src/app/files/watched-values.ts';
import type { HeldInventory } from '../../../src/record/sweeps/inventory/compare-inventory.ts';
import { goodConfig, goodPolicy, readGood } from '../../config/workspace.ts';

/** The files of a right configuration, and what a process that watches them says. */
async function watchedFiles() {
  const { config } = await readGood();
  const { policy } = config.files;
  if (policy === undefined) throw new Error('the configuration names no policy');
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line).msg) });
  const watching: Watching = {
    log,
    alert: async () => undefined,
    compare: async () => ({ kind: 'replaces' }),
    alertHeld: async () => undefined,
  };
  const current = createCurrentFiles(config, 'the store', log);
  return { files: { ...config.files, policy }, current, said, log, watching };
}

test('a changed policy is the one that the next sweep is opened with, unless it has mistakes', async () => {
  const { files, current, watching } = await watchedFiles();
  const { read } = watchPolicy(current, [files.policy], watching);
  const change = async (text: string) => {
    writeFileSync(files.policy.file, text);
    (await read())(false);
    return current.inputs.policy.policy.rules[0]?.id;
  };
  expect(await change(goodPolicy.replace('stale-45', 'stale-90'))).toBe('stale-90');
  expect(await change(goodPolicy.replace('45d', 'soon'))).toBe('stale-90');
});

test('an inventory that is held is alerted without a sweep, once', async () => {
  const { files, current, watching } = await watchedFiles();
  const held: HeldInventory = { hash: 'new', inUse: 'old', tracked: 4, kept: 2, listed: 2 };
  const alerted: HeldInventory[] = [];
  const { read } = watchInventory(current, files.inventory, {
    ...watching,
    compare: async () => ({ kind: 'held', held }),
    alertHeld: async (one) => void alerted.push(one),
  });
  for (const asked of [false, false]) await (await read())(asked)();
  expect(alerted).toEqual([held]);
});

test('a changed keysweep.yaml asks for a restart, once and whenever somebody asks', async () => {
  const { files, said, log } = await watchedFiles();
  const { read } = watchConfig(files.config, files.configHash, log);
  const look = async (asked: boolean) => {
    (await read())(asked);
    return said.length;
  };
  expect(await look(true)).toBe(0);
  writeFileSync(files.config, `${goodConfig}retention: 30d\n`);
  expect(await look(false)).toBe(1);
  expect(await look(false)).toBe(1);
  expect(await look(true)).toBe(2);
  expect(new Set(said)).toEqual(new Set(['keysweep.yaml has changed: restart to use it']));
});
