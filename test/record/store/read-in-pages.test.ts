import { expect, test } from 'vitest';
import { type PageKey, readInPages } from '../../../src/record/store/read-in-pages.ts';

/** A million keys; `rows` are those that were ever asked for. */
function aFleet() {
  const fleet = { pages: 0, rows: 0 };
  const readPage = async (after: PageKey, size: number) => {
    const first = after.key_id === '' ? 0 : Number(after.key_id) + 1;
    const count = Math.min(size, 1_000_000 - first);
    fleet.pages += 1;
    fleet.rows += count;
    const row = (_none: unknown, at: number) => ({ source: 's', key_id: String(first + at) });
    return { rows: Array.from({ length: count }, row) };
  };
  return { fleet, readPage };
}

test('a million keys are read page by page, each only when it is needed (memory grows with the account: prowler #7454)', async () => {
  const { fleet, readPage } = aFleet();
  let wanted = 0;
  for await (const { key_id } of readInPages(readPage)) {
    expect(key_id).toBe(String(wanted));
    wanted += 1;
    if (wanted === 2_500) break;
  }
  expect(fleet).toEqual({ pages: 3, rows: 3_000 });
});

test('the end is reached even if the last page is full', async () => {
  const { fleet, readPage } = aFleet();
  let seen = 0;
  for await (const _row of readInPages(readPage)) seen += 1;
  expect([seen, fleet.rows]).toEqual([1_000_000, 1_000_000]);
});
