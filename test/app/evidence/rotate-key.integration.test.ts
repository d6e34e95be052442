import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import { type KeyRotation, signRotation } from '../../../src/evidence/log/key-rotation.ts';
import { parseNote, verifyNote } from '../../../src/evidence/log/note.ts';
import { type SigningKey, signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { makeKeyRing } from '../../../src/evidence/verify/log/key-ring.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { readNewestCheckpoint } from '../../../src/record/log/checkpoints.ts';
import { tellRotation } from '../../../src/record/log/tell-rotation.ts';
import { readLeaves } from '../../record/log/leaves.ts';
import { describeOwnStores } from '../../record/stores.ts';
import { run } from '../../record/world.ts';

const origin = 'keysweep/test';
const [first, second, third, other] = [1, 2, 3, 4].map((n) =>
  signingKeyOf(origin, 1, Buffer.alloc(32, n)),
) as [SigningKey, SigningKey, SigningKey, SigningKey];

describeOwnStores('changing the key of the evidence log', (get) => {
  async function world() {
    await run(
      get(),
      `truncate keysweep.log_leaf, keysweep.log_head, keysweep.log_tile, keysweep.checkpoint,
         keysweep.log_fact`,
    );
    const folder = await mkdtemp(join(tmpdir(), 'keysweep-rotate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const append = () =>
      get().transact((tx) => appendLeaf(tx, { event: 'retention-set', retentionMs: 1 }));
    const sign = (key: SigningKey, file = 'checkpoint') =>
      signLog(get(), { key, origin, stateFile: join(folder, file) });
    const signers = async () => {
      const newest = await readNewestCheckpoint(get().db);
      const keys = [first, second, third, other].map(({ verifier }) => verifier);
      return verifyNote(parseNote(newest?.note ?? ''), keys).map(({ key: { id } }) => id);
    };
    await append();
    await sign(first);
    return { append, sign, signers };
  }

  test('the new key goes on from what the old one signed, and the old one signs nothing more', async () => {
    const { append, sign, signers } = await world();
    await tellRotation(get(), signRotation(first, second));
    await expect(sign(first)).rejects.toThrow(
      `the key ${origin}+${first.verifier.id} was replaced by ${origin}+${second.verifier.id}`,
    );
    await sign(second);
    expect(await signers()).toEqual([second.verifier.id]);
    await append();
    await tellRotation(get(), signRotation(second, third));
    // On a machine without the file, it goes on from the log's own checkpoint.
    await sign(third, 'elsewhere');
    expect(await signers()).toEqual([third.verifier.id]);
  });

  test('whoever trusts the first key follows the leaves to the last', async () => {
    const { sign } = await world();
    await tellRotation(get(), signRotation(first, second));
    await sign(second);
    await tellRotation(get(), signRotation(second, third));
    const leaves = await readLeaves(get());
    const numbered = leaves.map(({ n, event, subjects }) => ({
      ...{ n, event, subjects, at: new Date(event.at), text: '' },
    }));
    const ring = makeKeyRing(numbered, [first.verifier], origin);
    expect(ring.keys.map(({ id }) => id)).toEqual(
      [first, second, third].map(({ verifier: { id } }) => id),
    );
    expect(ring.problems).toEqual([]);
    expect([...ring.retired.values()]).toEqual([2, 3]);
  });

  test('a key that no leaf made a successor cannot go on', async () => {
    const { append, sign } = await world();
    await tellRotation(get(), signRotation(first, second));
    await append();
    await expect(sign(other)).rejects.toThrow(`is not signed by ${origin}+${other.verifier.id}`);
  });

  const refused: Readonly<Record<string, () => KeyRotation>> = {
    'did not sign the newest checkpoint': () => signRotation(other, second),
    'its signatures are not those of both keys': () => ({
      ...signRotation(first, second),
      newSignature: signRotation(first, third).newSignature,
    }),
    'both bear the name of their log': () =>
      signRotation(first, signingKeyOf('keysweep/else', 1, Buffer.alloc(32, 5))),
    'the new key is the old one': () => signRotation(first, first),
    'it names what is no key of a log': () => ({ ...signRotation(first, second), new: 'text' }),
  };
  test.each(Object.entries(refused))('is refused where %s', async (why, rotation) => {
    await world();
    const before = (await readLeaves(get())).length;
    await expect(tellRotation(get(), rotation())).rejects.toThrow(why);
    expect(await readLeaves(get())).toHaveLength(before);
  });

  test('a key that was replaced does not come back', async () => {
    const { sign } = await world();
    await tellRotation(get(), signRotation(first, second));
    await expect(tellRotation(get(), signRotation(first, third))).rejects.toThrow(
      'was replaced before',
    );
    await sign(second);
    await expect(tellRotation(get(), signRotation(second, first))).rejects.toThrow(
      'was replaced before',
    );
  });
});
