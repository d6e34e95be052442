import { expect, test } from 'vitest';
import { describeStores } from '../stores.ts';
import { aSource, inputs, open, someKeys } from '../world.ts';
import { readLeaves } from './leaves.ts';

const day = 86_400_000;
const dayIn = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

describeStores('what the evidence log says of the waivers of a policy', (get) => {
  const setting = (waiver: string) => `
  - { id: stale, type: stale, after: 45d, severity: high }
waivers:
  - { id: W, rule: stale, reason: move, requestedBy: ann, approvedBy: [bob, cid], ${waiver} }
`;
  const told = async (source: string, waiver: string) => {
    const before = (await readLeaves(get())).length;
    await open(get(), inputs(someKeys(1, source), setting(waiver)));
    const leaves = (await readLeaves(get())).slice(before);
    return leaves.flatMap(({ event }) => (event.event === 'waiver-set' ? [event] : []));
  };

  test('is that one is set, and nothing of one whose last day was over before', async () => {
    const source = aSource();
    const naming = (days: number) => {
      return `keys: [{ source: ${source}, keyId: key_0 }], expires: ${dayIn(days)}`;
    };
    expect(await told(source, naming(0))).toMatchObject([{ waiver: 'W', keys: 1, match: null }]);
    expect(await told(source, naming(-1))).toEqual([]);
  });

  test('leaves out a match that no leaf has room for: the sweep opens', async () => {
    const source = aSource();
    const matching = (count: number) => {
      const owners = Array.from({ length: count }, (_, n) => `team-${n}-${'x'.repeat(400)}`);
      return `match: { owner: [${owners}] }, expires: ${dayIn(1)}`;
    };
    const [short] = await told(source, matching(100));
    expect(short?.match?.['owner']).toHaveLength(100);
    expect(await told(source, matching(200))).toMatchObject([{ keys: null, match: null }]);
  });
});
