import { expect, test } from 'vitest';
import { WaiverTable } from '../../../src/http/pages/policy/waiver-table.tsx';

const now = new Date('2026-11-29T09:00:00Z');

const aWaiver = (expires: string) => ({
  ...{ id: 'W-1', rule: 'stale-45', reason: 'why', requestedBy: 'ann', approvedBy: ['bob'] },
  ...{ expires: new Date(expires), keys: [{ source: 's', keyId: 'k' }] },
});

test.each([
  ['2026-11-29T09:00:00Z', '<span class="badge is-fail">over</span>'],
  ['2026-11-30T00:00:00Z', '<span class="badge is-unknown">ends today</span>'],
  ['2026-12-01T00:00:00Z', '<span class="badge is-unknown">1 day left</span>'],
  ['2026-12-13T00:00:00Z', '<span class="badge is-unknown">13 days left</span>'],
  ['2026-12-14T00:00:00Z', '<small>14 days left</small>'],
])('a waiver that ends at %s says how long it still holds', (expires, words) => {
  const waivers = [{ waiver: aWaiver(expires), covers: 0 }];
  expect(String(WaiverTable({ waivers, now }))).toContain(words);
});

test('a waiver leads to the findings that it covers', () => {
  const covering = (covers: number) =>
    String(WaiverTable({ waivers: [{ waiver: aWaiver('2027-01-01T00:00:00Z'), covers }], now }));
  expect(covering(2)).toContain(
    '<a href="/findings?rule=stale-45&amp;status=waived">2 findings</a>',
  );
  expect(covering(0)).toContain('nothing');
});
