import { describe, expect, test } from 'vitest';
import type { KeyProof } from '../../../src/evidence/pack-files/key-proof.ts';
import { day, Installation } from './installation.ts';
import type { Files } from './make-pack.ts';
import { makeOnlyPack } from './only-pack.ts';
import { afterNight, nightAt, nights, periodOf, start, type Verify, wrongBy } from './scenes.ts';

const home = nights(3);
const pack = (keyId = 'k2') => makeOnlyPack(home, keyId, periodOf(3));
const proof = 'proofs/5.json';

function edit(files: Files, path: string, change: (text: string) => string): Files {
  const before = files.get(path)!.toString();
  const after = change(before);
  if (after === before) throw new Error(`nothing was changed in ${path}`);
  return new Map([...files, [path, Buffer.from(after)]]);
}

const without = (files: Files, ...paths: string[]) =>
  new Map([...files].filter(([path]) => !paths.includes(path)));

/** Changes to the pack of one key are named, by whatever verifies. */
export function provesOneKey(verify: Verify): void {
  const wrongOf = wrongBy(verify);

  test.each(['k1', 'k2', 'k3'])('holds for %s', async (keyId) => {
    expect(await wrongOf(pack(keyId))).toEqual([]);
  });

  test.each([
    ['verdict', '"verdict":2', '"verdict":1'],
    ['judgement', '"ageDays":400', '"ageDays":4'],
    ['last use', '"lastUsed":null', '"lastUsed":1767225600000'],
    ['time', '"observedAt":1767', '"observedAt":1766'],
    ['salt', '"salt":"', '"salt":"A'],
    ['source', '"source":"main"', '"source":"mair"'],
    ['key', '"keyId":"k2"', '"keyId":"k1"'],
    ['content', '\\"verdict\\":2', '\\"verdict\\":1'],
    ['inventory entry', 'owner of k2', 'owner of k1'],
    ['leaf', '"leaf":5', '"leaf":4'],
    ['place in its batch', '"index":1', '"index":0'],
    ['size of its batch', '"size":2', '"size":3'],
    ['place of its batch', '"batchIndex":0', '"batchIndex":1'],
    ['number of batches', '"batchSize":2', '"batchSize":3'],
    ['form', '{', '{ '],
  ])('names a proof whose %s was edited', async (_what, from, to) => {
    const files = edit(pack(), proof, (text) => text.replace(from, to));
    const [wrong, ...more] = await wrongOf(files);
    expect(wrong).toMatch(/^1 (?:wrong-proof|malformed-file) at proofs\/5\.json$/);
    expect(more).toEqual([]);
  });

  test("names another key's proof, whole or in part", async () => {
    const other = pack('k1');
    const swapped = new Map([...pack(), [proof, other.get(proof)!]]);
    expect(await wrongOf(swapped)).toEqual([`1 wrong-proof at ${proof}`]);
    // Its path under the name of the key.
    const { entry } = JSON.parse(String(pack().get(proof))) as KeyProof;
    const { path } = JSON.parse(String(other.get(proof))) as KeyProof;
    const mixed = edit(pack(), proof, (text) => {
      const own = (JSON.parse(text) as KeyProof).path;
      return text.replace(JSON.stringify(own), JSON.stringify(path));
    });
    expect(entry.keyId).toBe('k2');
    expect(await wrongOf(mixed)).toEqual([`1 wrong-proof at ${proof}`]);
    // And the whole pack under the name of another one.
    const renamed = edit(pack(), 'pack.json', (text) => text.replace('"k2"', '"k1"'));
    expect((await wrongOf(renamed)).filter((one) => one.includes('wrong-proof'))).toHaveLength(3);
  });

  test('names the proof of another night, and a night without one', async () => {
    const files = pack();
    const swapped = new Map([...files, [proof, files.get('proofs/4.json')!]]);
    expect(await wrongOf(swapped)).toEqual([`1 wrong-proof at ${proof}`]);
    const leaf = new Map([...files, ['proofs/5.tlog-proof', files.get('proofs/4.tlog-proof')!]]);
    expect(await wrongOf(leaf)).toEqual(['1 wrong-proof at proofs/5.tlog-proof']);
    expect(await wrongOf(without(files, proof))).toEqual([`1 missing-file at ${proof}`]);
    const none = without(files, proof, 'proofs/5.tlog-proof');
    expect(await wrongOf(none)).toEqual(['3 not-proven at leaf 5']);
    expect(await wrongOf(new Map([...files, ['proofs/3.json', Buffer.from('{}')]]))).toEqual([
      '1 unknown-file at proofs/3.json',
    ]);
  });

  test('names a policy that was removed, replaced or added', async () => {
    const files = pack();
    const [policy = ''] = [...files.keys()].filter((path) => path.startsWith('objects/'));
    expect(await wrongOf(without(files, policy))).toEqual([`1 object-missing at ${policy}`]);
    const edited = edit(files, policy, (text) => `${text}#`);
    expect(await wrongOf(edited)).toEqual([`1 object-differs at ${policy}`]);
    const [manifest = ''] = [...home.objects.values()];
    const more = new Map([...files, [`objects/${'0'.repeat(64)}`, Buffer.from(manifest)]]);
    expect(await wrongOf(more)).toEqual([`1 unknown-file at objects/${'0'.repeat(64)}`]);
  });

  test('may hold no file of a whole pack, and no text that was edited', async () => {
    for (const path of ['summary.html', 'contents/000000', `lists/${'0'.repeat(64)}`]) {
      const files = new Map([...pack(), [path, Buffer.from('x')]]);
      expect(await wrongOf(files)).toEqual([`1 unknown-file at ${path}`]);
    }
    const edited = edit(pack(), 'VERIFY.md', (text) => `${text} `);
    expect(await wrongOf(edited)).toEqual(['1 file-differs at VERIFY.md']);
  });

  describe('where the evidence of a night was removed', () => {
    const pruned = (age: number) => {
      const old = nights(1);
      const at = new Date(afterNight(0, 600_000).getTime() + age);
      old.prune(0, at);
      old.sign(at);
      return makeOnlyPack(old, 'k2', periodOf(1));
    };

    test('says whether it was old enough', async () => {
      expect(await wrongOf(pruned(400 * day))).toEqual(['3 pruned at leaf 4']);
      expect(await wrongOf(pruned(400 * day - 1))).toContain('1 pruned-early at leaf 5');
    });
  });

  test('does not hold for a key that the sweep did not have', async () => {
    const other = new Installation().begin(start);
    other.sweep({ dueAt: nightAt(0), keys: [{ keyId: 'k1', verdict: 1 }] });
    other.sign(afterNight(0, 700_000));
    const files = makeOnlyPack(other, 'k2', periodOf(1));
    expect(await wrongOf(files)).toEqual(['3 not-proven at leaf 4']);
  });
}
