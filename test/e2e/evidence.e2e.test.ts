import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCheckpoint } from '../../src/evidence/log/checkpoint.ts';
import { parseNote, verifyNote } from '../../src/evidence/log/note.ts';
import { parseVerifierKey } from '../../src/evidence/log/verifier-key.ts';
import { eventually } from '../support/eventually.ts';
import { createWorld, describeStacks, stacks, type World } from './world.ts';

/** The newest checkpoint, as an auditor with the public key reads it. */
async function readCheckpoint({ folder }: World, name = 'evidence.key') {
  const key = parseVerifierKey((await readFile(join(folder, `${name}.pub`), 'utf8')).trim());
  const note = parseNote(await readFile(join(folder, `${name}.checkpoint`), 'utf8'));
  expect(verifyNote(note, [key])).toHaveLength(1);
  return parseCheckpoint(note.text);
}

describeStacks('the evidence log', stacks, (stack) => {
  test('is signed when a sweep ends, and within ten seconds while start runs', async () => {
    const world = await createWorld({ stack });
    try {
      const keygen = ['evidence', 'keygen', '--output', join(world.folder, 'evidence.key')];
      expect((await world.run([...keygen, '--origin', 'keysweep/test'])).code).toBe(0);
      await world.write({ config: { evidence: { keyFile: 'evidence.key' } } });

      expect((await world.run(['sweep'])).code).toBe(1);
      const first = await readCheckpoint(world);
      expect(first).toMatchObject({ origin: 'keysweep/test', size: expect.any(Number) });

      const started = world.launch(['start']);
      await started.says('keysweep is ready');
      const isLonger = async () => (await readCheckpoint(world)).size > first.size;
      await eventually('the leaf of the schedule is signed', isLonger, { deadlineMs: 10_000 });
      expect((await started.end('SIGTERM')).code).toBe(0);
    } finally {
      await world.close();
    }
  });
});

test('the key of the log is changed by a command, and the new one signs from then on', async () => {
  const world = await createWorld({ stack: 'embedded' });
  try {
    const keygen = (name: string) => {
      const output = ['--output', join(world.folder, name)];
      return world.run(['evidence', 'keygen', ...output, '--origin', 'keysweep/test']);
    };
    await keygen('evidence.key');
    await keygen('new.key');
    await world.write({ config: { evidence: { keyFile: 'evidence.key' } } });
    await world.run(['sweep']);
    const before = await readCheckpoint(world);

    const newKey = join(world.folder, 'new.key');
    const rotated = await world.run(['evidence', 'key-rotate', '--to', newKey]);
    expect([rotated.code, rotated.stdout]).toEqual([0, await readFile(`${newKey}.pub`, 'utf8')]);
    expect(rotated.stderr).toContain('nothing is signed until');
    await world.write({ config: { evidence: { keyFile: 'new.key' } } });
    await world.run(['sweep']);
    expect((await readCheckpoint(world, 'new.key')).size).toBeGreaterThan(before.size + 1);

    const again = await world.run(['evidence', 'key-rotate', '--to', newKey]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is the old one')]);
  } finally {
    await world.close();
  }
});

test('an evidence log that somebody emptied is not signed, and start says so', async () => {
  const world = await createWorld({ stack: 'embedded' });
  try {
    const keygen = ['evidence', 'keygen', '--output', join(world.folder, 'evidence.key')];
    await world.run([...keygen, '--origin', 'keysweep/test']);
    await world.write({ config: { evidence: { keyFile: 'evidence.key' } } });
    expect((await world.run(['sweep'])).code).toBe(1);
    const before = await readCheckpoint(world);
    await rm(join(world.folder, 'store'), { recursive: true });

    const started = world.launch(['start']);
    await started.says('the evidence log is not signed');
    expect((await started.end('SIGTERM')).stderr).toContain('an old backup was restored');
    expect(await readCheckpoint(world)).toEqual(before);
  } finally {
    await world.close();
  }
});
