import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { encodeLogPolicy } from '../../src/evidence/log/log-policy.ts';
import { encodeVerifierKey } from '../../src/evidence/log/verifier-key.ts';
import { PackUnreadable } from '../../src/evidence/pack-files/pack-reader.ts';
import type { Trust } from '../../src/evidence/verify/trust.ts';
import { exitCodes } from '../../src/evidence/verify/verification.ts';
import { compress, scratch, tarOf, writeArchive } from '../evidence/reading/write-pack.ts';
import { type Terms, type Told, trust, type Verify } from '../evidence/verify/scenes.ts';

const dist = (name: string) => fileURLToPath(new URL(`../../dist/src/${name}`, import.meta.url));

/** The built programs that verify packs, as `node` takes them. */
export const verifiers = {
  command: [dist('main.js'), 'evidence', 'verify'],
  'verify.mjs': [dist('verify.mjs')],
} as const;

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the programs, with no variable of the environment. */
export async function runNode(args: readonly string[], cwd: string): Promise<Answer> {
  const child = spawn(process.execPath, args, {
    ...{ cwd, stdio: ['ignore', 'pipe', 'pipe'], env: {} },
    // A program that waits for what never comes has no exit code.
    timeout: 120_000,
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

/** What both programs answer: the same bytes. */
export async function askBoth(args: readonly string[], cwd = scratch()): Promise<Answer> {
  const [command, alone] = await Promise.all(
    Object.values(verifiers).map((program) => runNode([...program, ...args], cwd)),
  );
  expect(alone).toEqual(command);
  return command!;
}

/** Verifies a pack by both programs, in both formats, with the same exit code. */
export const verifyByBoth: Verify = async (files, terms = {}) => {
  const cwd = scratch();
  // As an archive: a changed pack may have a file where others have a folder.
  const args = [writeArchive(await compress(await tarOf(files))), ...writeTerms(cwd, terms)];
  const [table, json] = await Promise.all(
    ['table', 'json'].map((format) => askBoth([...args, '--format', format], cwd)),
  );
  expect(table!.code).toBe(json!.code);
  if (json!.code === 2) {
    expect([json!.stdout, table!.stderr]).toEqual(['', json!.stderr]);
    expect(json!.stderr).toMatch(/^[^\n]+\n$/);
    throw new PackUnreadable(json!.stderr);
  }
  expect([table!.stderr, json!.stderr]).toEqual(['', '']);
  const told = JSON.parse(json!.stdout) as Told;
  expect(json!.code).toBe(exitCodes[told.verdict]);
  const lines = told.problems.map(({ exit, code, place }) => {
    return `${exit === 1 ? 'TAMPERED' : 'OPEN'}  ${code}: ${place}: `;
  });
  for (const line of lines) expect(`\n${table!.stdout}`).toContain(`\n${line}`);
  return told;
};

/** The terms as options, and the files that they name. */
function writeTerms(cwd: string, { trust: asked = trust, kept = [], from, to }: Terms): string[] {
  for (const { file, origin, size, root } of kept) {
    writeFileSync(join(cwd, file), `${origin}\n${size}\n${root.toString('base64')}\n`);
  }
  return [
    ...writeTrust(cwd, asked),
    ...kept.flatMap(({ file }) => ['--saw', file]),
    ...(from === undefined ? [] : ['--from', from.toISOString()]),
    ...(to === undefined ? [] : ['--to', to.toISOString()]),
  ];
}

function writeTrust(cwd: string, { logKeys, witnesses, quorum }: Trust): string[] {
  if (quorum.kind === 'none') return logKeys.flatMap((key) => ['--key', encodeVerifierKey(key)]);
  const named = (key: (typeof logKeys)[number]) => ({ key, url: null });
  const threshold = quorum.kind === 'group' ? quorum.threshold : 1;
  const policy = { logs: logKeys.map(named), witnesses: witnesses.map(named), threshold };
  writeFileSync(join(cwd, 'policy.txt'), encodeLogPolicy(policy));
  return ['--policy', 'policy.txt'];
}
