import { expect, test } from 'vitest';
import { WaiverTable } from '../../../src/http/pages/policy/waiver-table.tsx';
import { hostileFrame } from './hostile.ts';

const now = new Date('2026-11-29T09:00:00Z');

const frame = hostileFrame;

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
  expect(String(WaiverTable({ frame, waivers, now }))).toContain(words);
});

test('a waiver leads to the findings that it covers', () => {
  const covering = (covers: number) =>
    String(
      WaiverTable({ frame, waivers: [{ waiver: aWaiver('2027-01-01T00:00:00Z'), covers }], now }),
    );
  expect(covering(2)).toContain(
    '<a href="/findings?rule=stale-45&amp;status=waived">2 findings</a>',
  );
  expect(covering(0)).toContain('nothing');
});

test('a waiver says who approved it or whom it waits for, and operators may approve it', () => {
  const approvals = [
    { approver: 'bob', by: 'bob (s-1)', known: 'oidc', mail: 'bob@x.example', at: '' } as const,
  ];
  const approval = {
    ...{ id: 'W-1', rule: 'r', hash: 'ab12', reason: 'why', requestedBy: 'ann', lastDay: 'd' },
    ...{ approvedBy: ['bob', 'cid'], counts: false, waitsFor: ['cid'], approvals },
  };
  const show = (caller: typeof frame.caller, difference: Partial<typeof approval> = {}) => {
    const one = { waiver: aWaiver('2027-01-01T00:00:00Z'), covers: 0 };
    const waivers = [{ ...one, approval: { ...approval, ...difference } }];
    return String(WaiverTable({ frame: { ...frame, caller }, waivers, now }));
  };
  const operator = { name: 'bob', role: 'operator', from: '::1' } as const;
  const html = show(operator);
  expect(html).toContain('bob (s-1) (signed in, bob@x.example); waits for cid');
  expect(html).toContain('waiver W-1 waits for approval by cid');
  expect(html).toContain('/actions/approve-waiver?waiver=W-1&amp;hash=ab12');
  expect(show({ ...operator, role: 'viewer' })).not.toContain('/actions/approve-waiver');
  expect(show(operator, { waitsFor: [] })).not.toContain('waits');
});
