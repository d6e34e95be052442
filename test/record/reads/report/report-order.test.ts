import { describe, expect, test } from 'vitest';
import { createKeptBlocks } from '../../../../src/blocks/kept-blocks.ts';
import {
  createReportOrder,
  type GrowingOrder,
  keysOfPart,
  never,
  type OrderedKey,
  type OrderedRow,
} from '../../../../src/record/reads/report/report-order.ts';
import { collectGarbage } from '../../../collect-garbage.ts';
import { eventually } from '../../../support/eventually.ts';

/** Every third key bears the mark 2, the first alone the mark 4; only those were judged. */
const row = (n: number): OrderedRow => ({
  numbers: [n === 0 ? 4 : n % 3 === 0 ? 2 : 0, placeOf(n), n, n + 2, 3, 0, never].join(','),
  name: `key_${n}`,
  judgement: n % 3 === 0 ? JSON.stringify(judgementOf(n)) : null,
});
const judgementOf = (n: number) => ({ v: [[`rule ${n}`, { idleDays: n }, null]] });
/** Two sources lie in each thousand of keys. */
const sourcesOf = (n: number) => [1, 2].map((place) => `source ${Math.floor(n / 1_000)} ${place}`);
const placeOf = (n: number) => (n % 1_000 < 700 ? 1 : 2);
const sourceOf = (n: number) => sourcesOf(n)[placeOf(n) - 1];
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => row(from + n));
const add = (order: GrowingOrder, from: number, to: number) => {
  for (let at = from; at < to; at += 500)
    order.add(sourcesOf(at), rows(at, Math.min(to, at + 500)));
};
const keysOf = (parts: Iterable<readonly OrderedKey[]>) => [...parts].flat();

describe.each([
  ['in memory', () => createKeptBlocks()],
  ['in a file', () => createKeptBlocks(0)],
])('the order of a report %s', (_, makeBlocks) => {
  test('returns the keys as they were added, or those that bear a mark, as often as it is asked', () => {
    const order = createReportOrder(makeBlocks());
    add(order, 0, 3_500);
    for (const _time of [1, 2]) {
      const all = keysOf(order.parts());
      expect(all.map(({ keyId }) => keyId)).toEqual(rows(0, 3_500).map(({ name }) => name));
      expect(all.map(({ source }) => source)).toEqual(all.map(({ id }) => sourceOf(id)));
      expect(all.every(({ judgement }) => judgement === null)).toBe(true);
      const bearing = keysOf(order.parts(2));
      expect(bearing.map(({ judgement }) => judgement)).toEqual(
        bearing.map(({ id }) => judgementOf(id)),
      );
      const marked = bearing.map(({ id }) => id);
      expect(marked).toEqual(all.map(({ id }) => id).filter((id) => id > 0 && id % 3 === 0));
      expect(keysOf(order.parts(4)).map(({ id }) => id)).toEqual([0]);
      expect(keysOf(order.parts(6))).toHaveLength(marked.length + 1);
      expect(keysOf(order.parts(8))).toEqual([]);
    }
  });

  test('keeps what a row says: the epoch is no absence of a use, and no name is cut', () => {
    const order = createReportOrder(makeBlocks());
    const names = ['', 'a,b\n"c"\\', '\u{1f511}é\u2028', ' '];
    const last = [0, -1, 1_790_000_000_123, never];
    order.add(
      ['prod'],
      names.map((name, n) => ({
        numbers: `1,1,${n},2147483646,2,${n === 3 ? 0 : 2147483645 - n},${last[n]}`,
        name,
        judgement: null,
      })),
    );
    const common = { source: 'prod', entry: 2147483646, verdict: 2, judgement: null };
    expect(keysOf(order.parts())).toEqual(
      names.map((keyId, n) => ({
        ...{ ...common, id: n, keyId, observation: n === 3 ? null : 2147483645 - n },
        lastUsed: n === 3 ? null : last[n],
      })),
    );
  });
});

test('a key of another source than those that were listed is reported under none', () => {
  const order = createReportOrder();
  const added = (place: number) =>
    order.add(['prod', 'test'], [{ ...row(1), numbers: `0,${place},1,1,1,1,${never}` }]);
  added(2);
  expect(keysOf(order.parts()).map(({ source }) => source)).toEqual(['test']);
  added(0);
  expect(() => keysOf(order.parts())).toThrow('the records hold a key of an unknown source');
});

test('no part is larger than two thousand keys, and few marked keys come together', () => {
  const order = createReportOrder();
  for (let at = 0; at < 10_000; at += keysOfPart)
    order.add(sourcesOf(at), rows(at, at + keysOfPart));
  const sizes = (mark?: number) => [...order.parts(mark)].map(({ length }) => length);
  expect(sizes()).toEqual(Array.from({ length: 10 }, () => keysOfPart));
  expect(sizes(2)).toEqual([1_333, 1_000, 1_000]);
});

test('300,000 keys are in no memory', { tags: ['all'] }, async () => {
  const used = () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 2 ** 20;
  };
  const before = used();
  const order = createReportOrder();
  for (let at = 0; at < 300_000; at += keysOfPart)
    order.add(sourcesOf(at), rows(at, at + keysOfPart));
  // V8 frees buffers in a thread of its own, which may come late on a busy machine.
  await eventually('6 MB are left', () => used() - before < 6);
  let count = 0;
  for (const part of order.parts()) count += part.length;
  expect(count).toBe(300_000);
});
