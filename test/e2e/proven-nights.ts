import { join } from 'node:path';
import { expect } from 'vitest';
import { askBoth } from './both-verifiers.ts';
import type { World } from './world.ts';

interface Difference {
  readonly code: string;
  readonly field?: string;
}

/** Makes the key with which a world signs its log: see `signed`. */
export async function makeLogKey(world: World): Promise<void> {
  const output = join(world.folder, 'evidence.key');
  const keygen = ['evidence', 'keygen', '--origin', 'keysweep/test', '--output', output];
  expect((await world.run(keygen)).code).toBe(0);
}

/** The section of a configuration whose log is signed. */
export const signed = { evidence: { keyFile: 'evidence.key' } };

/** What a finding has of the instant at which its sweep opened. */
const ofOpening = new Set(['first seen', 'last seen', 'resolved']);

/**
 * The records are as the signed log says, and so is their pack. Nights have one tick, which is moved
 * into the past when the next one begins, and the opening of what is still open is moved when a
 * process starts, as somebody would who edits the records.
 */
export async function expectProven(world: World): Promise<void> {
  const { stdout } = await world.run(['evidence', 'check', '--format', 'json']);
  const { differences } = JSON.parse(stdout) as { readonly differences: readonly Difference[] };
  const isMoved = ({ code, field = '' }: Difference) => {
    return code === 'tick' || field === 'dueAt' || ofOpening.has(field);
  };
  expect(differences.filter((difference) => !isMoved(difference))).toEqual([]);
  const pack = join(world.folder, 'pack.tar.gz');
  const period = ['--from', '2026-01-01', '--to', '2099-12-31'];
  await world.run(['evidence', 'export', ...period, '--output', pack]);
  const asked = [pack, '--key', 'evidence.key.pub', '--format', 'json'];
  const told = JSON.parse((await askBoth(asked, world.folder)).stdout) as {
    readonly problems: readonly { readonly exit: number; readonly code: string }[];
  };
  const wrong = told.problems.filter(
    ({ exit, code }) => exit === 1 && code !== 'differences-found',
  );
  expect(wrong).toEqual([]);
}
