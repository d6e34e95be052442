import { describe, expect, test } from 'vitest';
import { encodeManifest, type Manifest, nameObject } from '../../../src/evidence/manifest.ts';
import { objectPath } from '../../../src/evidence/pack-files/pack-paths.ts';
import { Installation } from './installation.ts';
import { makePack } from './make-pack.ts';
import {
  afterNight,
  nightAt,
  nights,
  packOf,
  start,
  verify,
  verifyHere,
  wrongBy,
} from './scenes.ts';

const wrongOf = wrongBy(verifyHere);
const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

describe('a pack that lies about numbers', () => {
  test.each([2 ** 53 - 1, 2 ** 31])('is not taken at its word for %i leaves', async (size) => {
    const files = packOf(nights(1), 1);
    const info = files.get('pack.json')!.toString().replace('"size":5', `"size":${size}`);
    files.set('pack.json', Buffer.from(info));
    expect(await wrongOf(files)).toEqual(['1 missing-file at pack.json']);
  });

  test('is not read with more leaves than memory has room for', async () => {
    const files = packOf(nights(1), 1);
    for (let n = 0; n < 4_000; n += 1) files.set(`checkpoints/${n + 9}`, Buffer.of());
    const info = files.get('pack.json')!.toString().replace('"size":5', '"size":1000001');
    files.set('pack.json', Buffer.from(info));
    await expect(verify(files)).rejects.toThrow('this program reads up to 1000000');
  });

  test('tells a thousand problems of a kind, and how many more there are', async () => {
    const files = packOf(nights(1), 1);
    for (let n = 0; n < 1_500; n += 1) files.set(`n${n}`, Buffer.of());
    const { problems } = await verify(files);
    expect(problems).toHaveLength(1_001);
    expect(problems.at(-1)).toMatchObject({
      ...{ exit: 1, code: 'unknown-file', place: 'elsewhere' },
      message: '500 more problems of this kind were found',
    });
  });
});

/** A signed night whose objects are these. */
function forged({ pack = '{}', manifest }: { pack?: string; manifest?: string }) {
  const home = new Installation().begin(start);
  home.sweep({ dueAt: nightAt(0) });
  const [text] = [...home.objects.values()].filter((object) => object.includes('"seed"'));
  const { version: _one, ...said } = JSON.parse(text!) as Manifest;
  const batches = said.batches.map((batch) => ({ ...batch, pack: nameObject(pack) }));
  const evidence = manifest ?? encodeManifest({ ...said, batches });
  const other = new Installation().begin(start);
  const named = JSON.parse(home.leaves[4]!.toString()) as {
    predicate: { at: string };
    subject: { name: string; digest: { sha256: string } }[];
  };
  const subjects = Object.fromEntries(named.subject.map((one) => [one.name, one.digest.sha256]));
  const { at, ...event } = named.predicate;
  other.tell(event as never, new Date(at), { ...subjects, evidence: nameObject(evidence) });
  other.sign(afterNight(0, 700_000));
  const files = packOf(home, 1);
  const period = { from: start, to: afterNight(0, 600_000) };
  for (const [path, bytes] of makePack(other, period)) {
    if (!/^(lists|contents|objects|summary|VERIFY)/.test(path)) files.set(path, bytes);
  }
  for (const object of [pack, evidence])
    files.set(objectPath(nameObject(object)), Buffer.from(object));
  return { files, pack: objectPath(nameObject(pack)), evidence: objectPath(nameObject(evidence)) };
}

test.each(['.DS_Store', 'objects/._x', 'Thumbs.db', 'desktop.ini'])(
  'says of %s who may have written it, and does not hold',
  async (path) => {
    const files = packOf(nights(1), 1);
    files.set(path, Buffer.from('x'));
    const { problems } = await verify(files);
    expect(problems).toMatchObject([{ exit: 1, code: 'unknown-file', place: path }]);
    expect(problems[0]?.message).toMatch(/systems write one of this name .* or remove it$/);
  },
);

describe('objects that a trusted key stands for', () => {
  const home = nights(1);
  const [good = ''] = [...home.objects.values()].filter((one) => one.includes('"observations"'));

  test.each([
    ['lists within lists', deep],
    [
      'a judgement of lists within lists',
      good.replace(/"judgements":\[[^,\]]*/, `"judgements":[${deep}`),
    ],
    ['a number without end', good.replace(/"lastUsed":\[[^,\]]*/, '"lastUsed":[1e999')],
    ['a judgement without end', good.replace(/"judgements":\[[^,\]]*/, '"judgements":[1e999')],
    [
      'a time that no date has',
      good.replace(/"lastUsed":\[[^,\]]*/, '"lastUsed":[9000000000000000'),
    ],
    ['no JSON', '{'],
  ])('may be hostile: a batch of %s', async (_what, pack) => {
    expect(pack).not.toBe(good);
    const made = forged({ pack });
    expect(await wrongOf(made.files)).toContain(`1 object-differs at ${made.pack}`);
  });

  test('may be hostile: a manifest of lists within lists', async () => {
    const made = forged({ manifest: deep });
    expect(await wrongOf(made.files)).toContain(`1 object-differs at ${made.evidence}`);
  });
});

test.each(['pack.json', 'differences.json'])('%s may be lists within lists', async (path) => {
  const files = packOf(nights(1), 1);
  files.set(path, Buffer.from(deep));
  const { verdict } = await verify(files);
  expect(verdict).toBe('tampered');
});

describe('a log of ten thousand years', () => {
  const ages = (cron: string) => {
    const first = new Date('0001-01-01T00:00:00Z');
    const newest = new Date('9999-12-31T00:00:00Z');
    const home = new Installation().begin(first, cron);
    home.tell({ event: 'policy-set', version: '2' }, newest);
    home.sign(newest);
    return makePack(home, { from: first, to: newest });
  };

  test.each(['* * * * *', '0 0 L * *', '0 0 29 2 *', '0 0 * * 5#5'])(
    'is judged in a moment, and never holds: %s',
    async (cron) => {
      const { verdict, problems } = await verify(ages(cron));
      expect(verdict).toBe('incomplete');
      expect(problems).toContainEqual(
        expect.objectContaining({
          ...{ code: 'unreadable-schedule', place: 'leaf 2' },
          message: expect.stringMatching(/too often to be listed; ask for a shorter time/),
        }),
      );
    },
  );
});

test('lets a hundred ranges of missed ticks explain one each', async () => {
  const home = new Installation().begin(start, '* * * * *');
  const end = afterNight(1, 0);
  for (let n = 0; n < 100; n += 1) {
    const [from, to] = [start.toISOString(), end.toISOString()];
    home.tell({ event: 'sweep-missed', schedule: 'nightly', from, to, ticks: 1 }, end);
  }
  home.sign(end);
  const { found } = await verify(makePack(home, { from: start, to: end }));
  expect(found?.ticks).toMatchObject({ due: 1_559, missed: 100, held: 0 });
});
