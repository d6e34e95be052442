import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runSandbox, type SandboxCommand } from '../../src/sandbox/command.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';

function run(difference: Partial<SandboxCommand> = {}) {
  const stopping = new AbortController();
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const command = { port: 0, faults: [], signal: stopping.signal, say, ...difference };
  return { ended: runSandbox(command), lines, stop: () => stopping.abort() };
}

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-fleet-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'fleet.json');
  await writeFile(file, text);
  return file;
}

test('says where it listens, and ends with the signal', async () => {
  const { ended, lines, stop } = run();
  await expect.poll(() => lines.length).toBe(2);
  expect(lines[0]).toMatch(/^sandbox: 5\d keys at http:\/\/127\.0\.0\.1:\d+\/v1$/);
  stop();
  await ended;
});

test('takes a fleet from a file', async () => {
  const { ended, lines, stop } = run({ fleetFile: await fileWith('[{"id":"a"},{"id":"b"}]') });
  await expect.poll(() => lines[0]).toContain('2 keys');
  stop();
  await ended;
});

test('refuses a fleet that cannot be read, a bad fault and a taken port, in words', async () => {
  await expect(run({ fleetFile: '/nowhere/fleet.json' }).ended).rejects.toThrow(
    'fleet /nowhere/fleet.json: cannot be read (ENOENT)',
  );
  await expect(run({ fleetFile: await fileWith('{') }).ended).rejects.toThrow('not JSON');
  await expect(run({ faults: ['500,flood'] }).ended).rejects.toThrow('fault "flood"');

  const taken = await createSandbox({ fleet: [] });
  onTestFinished(() => taken.close());
  const port = Number(new URL(taken.url).port);
  await expect(run({ port }).ended).rejects.toThrow(`cannot listen on port ${port} (EADDRINUSE)`);
});
