import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { parseCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { signRotation } from '../../../src/evidence/log/key-rotation.ts';
import { encodeNote, parseNote, signNote } from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { addSignatures, readStoredCheckpoints } from '../../../src/record/log/checkpoints.ts';
import { tellRotation } from '../../../src/record/log/tell-rotation.ts';
import { describePostgres } from '../stores.ts';
import { check } from './check.ts';
import { linesAfter } from './lines-after.ts';

const origin = 'keysweep/test';
const keyOf = (n: number) => signingKeyOf(origin, 1, Buffer.alloc(32, n));
const [first, second, stranger] = [keyOf(1), keyOf(2), keyOf(3)];
const witness = signingKeyOf('witness', 4, Buffer.alloc(32, 4));
const terms = {
  verifierKey: encodeVerifierKey(second.verifier),
  witnesses: [encodeVerifierKey(witness.verifier)],
};

describePostgres('the signatures of the checkpoints that are kept', (get) => {
  let sizes: readonly number[];

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keysweep-signed-'));
    const grow = async (retentionMs: number, key: typeof first) => {
      const leaf = { event: 'retention-set', retentionMs } as const;
      await get().transact((tx) => appendLeaf(tx, leaf));
      await signLog(get(), { key, origin, stateFile: join(folder, 'checkpoint') });
    };
    await grow(1, first);
    await grow(2, first);
    await tellRotation(get(), signRotation(first, second));
    await grow(3, second);
    await rm(folder, { recursive: true });
    const notes = await readStoredCheckpoints(get().db);
    sizes = notes.map(({ size }) => size);
    const newest = notes.at(-1);
    const { text } = parseNote(newest?.note ?? '');
    await addSignatures(get().db, newest?.size ?? 0, [signNote(text, witness, 1)]);
  });

  /** What is found after the note of a size was changed so. */
  const after = async (size: number | undefined, change: (note: string) => string) => {
    const notes = await readStoredCheckpoints(get().db);
    const note = change(notes.find((one) => one.size === size)?.note ?? '');
    const edit = `update keysweep.checkpoint set note = $note$${note}$note$ where size = ${size}`;
    // Nobody keeps what the log said last of the retention.
    const lines = await linesAfter(get(), edit, terms);
    return lines.filter((line) => line.startsWith('checkpoint'));
  };
  const signedBy = (key: typeof first) => (note: string) => {
    const { text } = parseNote(note);
    return encodeNote({ text, signatures: [signNote(text, key)] });
  };
  const wrong = 'the checkpoint is not signed as the key of the log has it';

  test('are verified with the key of the log, those that it replaced, and those of witnesses', async () => {
    expect(sizes).toEqual([2, 3, 5]);
    expect(await after(3, (note) => note)).toEqual([]);
    expect(await check(get(), terms)).toMatchObject({ checkpoints: 3, signatures: 'verified' });
  });

  test('are not verified without a key', async () => {
    expect(await check(get())).toMatchObject({ checkpoints: 3, signatures: 'not-verified' });
  });

  test('are one difference where the key of the configuration signed none of them', async () => {
    const verifierKey = encodeVerifierKey(stranger.verifier);
    const { differences } = await check(get(), { verifierKey });
    const lines = differences.map(renderDifference).filter((line) => line.startsWith('checkpoint'));
    expect(lines).toEqual([
      `checkpoint 5: ${wrong}: was by ${origin}+${stranger.verifier.id}, is now by ${second.verifier.id}, ${witness.verifier.id}, like the 2 before it`,
    ]);
  });

  test('are named by their size where one does not fit, is of another key or is not there', async () => {
    const name = `${origin}+${first.verifier.id}`;
    const moved = await after(3, (note) => note.replace(/— .*/s, '') + signatureOf(2));
    expect(moved).toEqual([
      `checkpoint 3: ${wrong}: is now the signature of the key ${name} does not fit the text of the note`,
    ]);
    const by = `was by ${origin}+${second.verifier.id}`;
    expect(await after(3, signedBy(stranger))).toEqual([
      `checkpoint 3: ${wrong}: ${by}, is now by ${stranger.verifier.id}`,
    ]);
    expect(await after(5, (note) => note.replace(/— .*/s, ''))).toEqual([
      `checkpoint 5: ${wrong}: ${by}, is now by nobody`,
    ]);
  });

  /** The signature of another checkpoint. */
  let signatures: ReadonlyMap<number, string>;
  beforeAll(async () => {
    const notes = await readStoredCheckpoints(get().db);
    signatures = new Map(notes.map(({ size, note }) => [size, /— .*/s.exec(note)?.[0] ?? '']));
  });
  const signatureOf = (size: number) => signatures.get(size) ?? '';

  test('are refused of a key that was replaced before, and of a witness that did not sign this', async () => {
    expect(await after(5, signedBy(first))).toEqual([
      `checkpoint 5: ${wrong}: is now signed by a key alone that leaf 3 replaced`,
    ]);
    const cosigned = await after(5, (note) => {
      const [own = ''] = note.split('— witness ');
      const other = signNote(parseNote(note).text.replace('\n5\n', '\n6\n'), witness, 1);
      return own + encodeNote({ text: '', signatures: [other] }).trimStart();
    });
    expect(cosigned).toEqual([expect.stringContaining(`checkpoint 5: ${wrong}: is now the sign`)]);
  });

  test('do not hide a root that is not that of the leaves', async () => {
    const other = await after(3, (note) => {
      const { text } = parseNote(note);
      const root = parseCheckpoint(text).root.toString('base64');
      const changed = text.replace(root, Buffer.alloc(32).toString('base64'));
      return encodeNote({ text: changed, signatures: [signNote(changed, first)] });
    });
    expect(other).toEqual([
      'checkpoint 3: the root of the leaves is not the one that was signed: is now one that was changed',
    ]);
  });
});
