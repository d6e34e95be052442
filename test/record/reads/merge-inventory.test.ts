import { expect, test } from 'vitest';
import { noDetails } from '../../../src/keys/detail-fields.ts';
import { mergeInventory } from '../../../src/record/reads/merge-inventory.ts';
import type { ListedKey } from '../../../src/report/model.ts';

const aKey = (source: string, keyId: string) => ({
  source,
  keyId,
  owner: 'ann',
  environment: null,
  approvedScopes: ['a:read'],
  tags: ['pci'],
});

async function merge(tracked: readonly string[], inventory: readonly string[]) {
  const keyOf = (name: string) => aKey(name.slice(0, 1), name.slice(1));
  const audited = async function* (): AsyncIterable<ListedKey> {
    for (const name of tracked)
      yield { ...keyOf(name), verdict: 'pass', observedAt: new Date(0), ...noDetails };
  };
  const merged: ListedKey[] = [];
  for await (const key of mergeInventory(audited(), inventory.map(keyOf))) merged.push(key);
  return merged.map(({ source, keyId, verdict }) => `${source}${keyId} ${verdict}`);
}

test('keys of the inventory that are not tracked stand among the others, in order', async () => {
  expect(await merge([], ['b1', 'a2', 'a1'])).toEqual(['a1 null', 'a2 null', 'b1 null']);
  expect(await merge(['a1', 'b1'], ['b1', 'a1'])).toEqual(['a1 pass', 'b1 pass']);
  expect(await merge(['a2', 'b2', 'd1'], ['c1', 'b3', 'a1', 'a2', 'd2', 'b1'])).toEqual([
    ...['a1 null', 'a2 pass', 'b1 null', 'b2 pass', 'b3 null', 'c1 null', 'd1 pass', 'd2 null'],
  ]);
  // A key that left the inventory is tracked until the next full sweep.
  expect(await merge(['a1', 'a2'], ['a2'])).toEqual(['a1 pass', 'a2 pass']);
});

test('a key that is not audited has the words of the inventory and nothing of the vendor', async () => {
  const none = async function* (): AsyncIterable<ListedKey> {};
  for await (const key of mergeInventory(none(), [aKey('a', '1')])) {
    expect(key).toEqual({ ...aKey('a', '1'), verdict: null, observedAt: null, ...noDetails });
  }
});
