import { expect, test } from 'vitest';
import { describeStores } from '../stores.ts';
import {
  aSource,
  claim,
  close,
  findings,
  inputs,
  judgedSweep,
  one,
  open,
  recordJudged,
  run,
  type Saying,
  seenFindings,
  someKeys,
} from '../world.ts';

const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day);
const rules = `
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: silent, type: unaudited, after: 30d, severity: low }
  - { id: gone, type: missing, severity: low }
`;
const ordinary = `
  - { id: gone, type: missing, severity: low }
`;
const key0 = (details: Saying['details']): Record<string, Saying> => ({
  key_0: { details: { createdOn: new Date('2020-01-01T00:00:00Z'), ...details } },
});
const first = key0({ lastUsed: ago(90), lastFour: 'aaaa' });

/** A night and a re-audit that both claim the key before either has recorded it. */
describeStores('events that overlapping sweeps see', (get) => {
  async function overlap(re: Record<string, Saying>, night: Record<string, Saying>) {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    await judgedSweep(get(), using, first);
    const [fast, slow] = [await open(get(), using), await open(get(), using)];
    const slowBatch = await claim(get(), slow);
    await recordJudged(get(), await claim(get(), fast), await saidNow(re));
    await recordJudged(get(), slowBatch, await saidNow(night));
    await close(get(), slow.sweepId);
    await close(get(), fast.sweepId);
    return { source, using };
  }
  /** By the database's clock: a batch's own is behind by what its claim took to be answered. */
  async function saidNow(sayings: Record<string, Saying>): Promise<Record<string, Saying>> {
    const { at } = await one<{ at: Date }>(get(), 'select clock_timestamp() as at');
    return Object.fromEntries(Object.entries(sayings).map(([key, said]) => [key, { ...said, at }]));
  }
  const facts = async (source: string, wanted: string) =>
    (await seenFindings(get(), source)).find(({ rule }) => rule === wanted)?.facts ?? {};

  test('stay open if one of them sees the key as it was before', async () => {
    const { source, using } = await overlap(
      key0({ lastUsed: ago(1), lastFour: 'bbbb' }),
      key0({ lastUsed: ago(90), lastFour: 'aaaa' }),
    );
    expect(await findings(get(), source)).toEqual(['key_0 odd open', 'key_0 woke open']);
    await judgedSweep(get(), using, first);
    expect(await findings(get(), source)).toEqual(['key_0 odd open', 'key_0 woke open']);
  });

  test('keep the facts that each of them has seen', async () => {
    const { source } = await overlap(
      key0({ lastUsed: ago(90), lastFour: 'bbbb' }),
      key0({ lastUsed: new Date('2019-01-01T00:00:00Z'), lastFour: 'aaaa' }),
    );
    const { past } = await facts(source, 'odd');
    expect(past).toEqual([
      expect.stringMatching(/lastFour changed/),
      expect.stringMatching(/lastUsed went backwards/),
    ]);
  });

  test('keep the facts of all of them, and of a sweep before that only saw the event again', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    for (const lastFour of ['aaaa', 'bbbb', 'cccc']) {
      await judgedSweep(get(), using, key0({ lastUsed: ago(90), lastFour }));
    }
    expect((await facts(source, 'odd'))['past']).toHaveLength(2);
    const [fast, slow] = [await open(get(), using), await open(get(), using)];
    const slowBatch = await claim(get(), slow);
    const said = await saidNow(key0({ lastUsed: ago(90), lastFour: 'dddd' }));
    await recordJudged(get(), await claim(get(), fast), said);
    await recordJudged(get(), slowBatch, await saidNow(key0({ lastUsed: null, lastFour: 'cccc' })));
    expect((await facts(source, 'odd'))['past']).toHaveLength(4);
  });

  test('are not ended by a sweep that was opened under the earlier policy', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    await judgedSweep(get(), inputs(keys, ordinary), first);
    const slow = await open(get(), inputs(keys, ordinary));
    const fast = await open(get(), inputs(keys, rules));
    const woken = key0({ lastUsed: ago(1), lastFour: 'aaaa' });
    await recordJudged(get(), await claim(get(), fast), woken);
    await recordJudged(get(), await claim(get(), slow), woken);
    await close(get(), fast.sweepId);
    await close(get(), slow.sweepId);
    expect(await findings(get(), source)).toEqual(['key_0 woke open']);
    await judgedSweep(get(), inputs(keys, ordinary), woken);
    expect(await findings(get(), source)).toEqual(['key_0 woke resolved policy-changed']);
  });

  test('stay open after the key is gone, whichever of them finds it missing', async () => {
    const { source } = await overlap(key0({ lastUsed: ago(1) }), { key_0: { missing: true } });
    expect(await findings(get(), source)).toContain('key_0 woke open');
  });

  test('a key that one of them has observed is not unaudited for the other', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    const fast = await open(get(), using);
    const backdate = `update keysweep.tracked_key set tracked_at = now() - interval '40 days'
      where source = '${source}'`;
    await run(get(), backdate);
    const slow = await open(get(), using);
    const slowBatch = await claim(get(), slow);
    await recordJudged(get(), await claim(get(), fast), first);
    await recordJudged(get(), slowBatch, { key_0: { unknown: true } });
    expect(await findings(get(), source)).toEqual([]);
  });
});
