import { describe, expect, test } from 'vitest';
import {
  type AnomalyInput,
  type ChangeSpread,
  isAnomalous,
  planAnomaly,
  type Turned,
} from '../../../src/alert/plan/plan-anomaly.ts';

const config = { changed: 0.3, atLeast: 20 };
const policy = { version: '2026-11', hash: 'sha256:a' };

function counts(compared: number, turned: Partial<Turned>) {
  const none = { pass: 0, fail: 0, waived: 0, unknown: 0, missing: 0, left: 0 };
  return { compared, turned: { ...none, ...turned } };
}

interface Difference extends Partial<Omit<AnomalyInput, 'spread' | 'counts'>> {
  readonly compared?: number;
  readonly turned?: Partial<Turned>;
  readonly spread?: Partial<ChangeSpread>;
}

/** 100 keys of 400 turned to each of pass and fail, of one source, and nothing tells why. */
function plan(difference: Difference = {}) {
  const { compared = 400, turned = { pass: 100, fail: 100 }, spread, ...rest } = difference;
  return planAnomaly(
    {
      counts: counts(compared, turned),
      spread: { sources: [], rules: [], fields: [], facts: [], ...spread },
      policy: { before: policy, now: policy },
      emptyInventoryFiles: [],
      ...rest,
    },
    config,
  );
}

const sources = (...some: readonly (readonly [string, number, number, number?])[]) =>
  some.map(([source, compared, changed, missing = 0]) => ({ source, compared, changed, missing }));

describe('an anomaly', () => {
  const tell = (changed: number, compared: number, share = 0.3, atLeast = 1) =>
    isAnomalous(counts(compared, { fail: changed }), { changed: share, atLeast });

  test('is more than the share, not the share itself', () => {
    expect([tell(120, 400), tell(121, 400)]).toEqual([false, true]);
  });

  test('needs at least the least number of keys', () => {
    expect([tell(19, 19, 0.3, 20), tell(20, 20, 0.3, 20)]).toEqual([false, true]);
  });

  test('does not depend on the rounding of floats', () => {
    for (let percent = 0; percent <= 100; percent += 1) {
      for (const share of [percent / 100, percent * 0.01]) {
        const label = `${share} of 100`;
        expect(tell(percent, 100, share), label).toBe(false);
        expect(tell(percent + 1, 100, share), label).toBe(true);
      }
    }
  });

  test('is exact to the key for a thousandth of a percent of a million keys', () => {
    expect([tell(10, 1_000_000, 0.00001), tell(11, 1_000_000, 0.00001)]).toEqual([false, true]);
    expect([tell(123_450, 1_000_000, 0.12345), tell(123_451, 1_000_000, 0.12345)]).toEqual([
      false,
      true,
    ]);
  });

  test('does not exist if no key could be compared, or if the share is all keys', () => {
    expect([tell(0, 0), tell(0, 0, 0), tell(400, 400, 1)]).toEqual([false, false, false]);
  });

  test('counts every kind of change', () => {
    const each = { pass: 20, fail: 20, waived: 20, unknown: 20, missing: 20, left: 20 };
    expect(isAnomalous(counts(400, each), config)).toBe(false);
    for (const way of Object.keys(each)) {
      expect(isAnomalous(counts(400, { ...each, [way]: 21 }), config), way).toBe(true);
    }
  });

  test('is planned with its counts, or undefined within the limits', () => {
    expect(plan({ turned: { fail: 120 } })).toBeUndefined();
    const turned = counts(0, { fail: 121 }).turned;
    expect(plan({ turned })).toMatchObject({ compared: 400, changed: 121, turned });
  });
});

describe('the likely cause', () => {
  const cause = (difference: Difference) => {
    const planned = plan(difference);
    return `${planned?.cause}: ${planned?.detail}`;
  };

  test('is the inventory when most left it, with the files that hold no keys', () => {
    const turned = { left: 380, fail: 10 };
    expect(cause({ turned })).toBe('inventory-shrank: 380 of 400 keys left the inventory');
    expect(cause({ turned, emptyInventoryFiles: ['keys.csv'] })).toBe(
      'inventory-shrank: 380 of 400 keys left the inventory, and keys.csv holds no keys',
    );
    expect(cause({ turned, emptyInventoryFiles: ['a.csv', 'b.csv'] })).toMatch(
      /, and a\.csv, b\.csv hold no keys$/,
    );
  });

  test('names few files, and cuts long names', () => {
    const turned = { left: 380 };
    const files = ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv'];
    expect(cause({ turned, emptyInventoryFiles: files })).toMatch(
      /, and a\.csv, b\.csv, c\.csv and 2 more hold no keys$/,
    );
    const long = plan({ turned, emptyInventoryFiles: ['x'.repeat(5_000)] });
    expect(long?.detail.length).toBeLessThan(200);
  });

  test('is missing keys when most are missing, with the counts per source', () => {
    const spread = { sources: sources(['test', 20, 15, 0], ['prod', 380, 370, 360]) };
    expect(cause({ turned: { missing: 360, fail: 25 }, spread })).toBe(
      'keys-missing: 360 of 400 keys are missing now (360 of 380 of source prod), as with wrong credentials or a wrong base URL',
    );
  });

  test('is a field when most became unknown without it', () => {
    const spread = {
      fields: [
        { field: 'scopes', keys: 380 },
        { field: 'type', keys: 3 },
      ],
    };
    expect(cause({ turned: { unknown: 380, fail: 10 }, spread })).toBe(
      'field-missing: the field scopes can no longer be read or used for 380 of 400 keys',
    );
  });

  test('is several fields when most keys lack each, with the count of the first', () => {
    const spread = {
      fields: [
        { field: 'createdOn', keys: 200 },
        { field: 'scopes', keys: 160 },
        { field: 'type', keys: 159 },
      ],
    };
    expect(cause({ turned: { unknown: 200 }, spread })).toBe(
      'field-missing: the fields createdOn, scopes can no longer be read or used for 200 of 400 keys',
    );
  });

  const changed = { before: policy, now: { version: '2026-12', hash: 'sha256:b' } };

  test('is the policy when it changed, even with the same version', () => {
    expect(cause({ policy: changed })).toBe(
      'policy-changed: the policy changed from version 2026-11 to 2026-12; 200 of 400 keys are judged otherwise than before',
    );
    const same = { before: policy, now: { version: '2026-11', hash: 'sha256:b' } };
    expect(cause({ policy: same })).toBe(
      'policy-changed: the policy changed and is version 2026-11 still; 200 of 400 keys are judged otherwise than before',
    );
  });

  test('is not the policy when only its version text changed', () => {
    const now = { version: '2026-12', hash: policy.hash };
    expect(plan({ policy: { before: policy, now } })?.cause).toBe('unclear');
  });

  test('is not the policy for changes that no policy causes', () => {
    const spread = { fields: [{ field: 'scopes', keys: 200 }] };
    expect(plan({ policy: changed, turned: { left: 200 } })?.cause).toBe('inventory-shrank');
    expect(plan({ policy: changed, turned: { missing: 200 } })?.cause).toBe('keys-missing');
    const unread = plan({ policy: changed, turned: { unknown: 200 }, spread });
    expect(unread?.cause).toBe('field-missing');
    const both = plan({ policy: changed, turned: { left: 100, missing: 100 } });
    expect(both?.cause).toBe('unclear');
  });

  test('is one rule when it judges most keys differently', () => {
    const spread = {
      rules: [
        { rule: 'stale-45', keys: 170 },
        { rule: 'too-old', keys: 160 },
      ],
      sources: sources(['prod', 200, 200], ['test', 200, 0]),
    };
    expect(cause({ spread })).toBe(
      'one-rule: the rule stale-45 judges 170 of 400 keys otherwise than before',
    );
  });

  test('is what changed in the facts, rather than the rule that noticed', () => {
    const rules = [{ rule: 'impossible', keys: 200 }];
    const facts = (keys: number) => [
      { field: 'createdOn', keys },
      { field: 'lastUsed', keys: 12 },
    ];
    expect(cause({ spread: { rules, facts: facts(200) } })).toBe(
      'facts-changed: createdOn changed for 200 of 400 keys',
    );
    expect(plan({ spread: { rules, facts: facts(160) } })?.cause).toBe('facts-changed');
    expect(plan({ spread: { rules, facts: facts(159) } })?.cause).toBe('one-rule');
  });

  test('is one source when the others stayed within the limit', () => {
    const spread = { sources: sources(['prod', 220, 190], ['test', 180, 10]) };
    expect(cause({ spread })).toBe(
      'one-source: 190 of the 220 keys of source prod changed, and 10 of the 180 keys of others',
    );
  });

  test('is not a source that only has most of the keys', () => {
    const likewise = { sources: sources(['prod', 360, 180], ['test', 40, 20]) };
    expect(plan({ spread: likewise })?.cause).toBe('unclear');
    const upToTheShare = { sources: sources(['prod', 350, 185], ['test', 50, 15]) };
    expect(plan({ spread: upToTheShare })?.cause).toBe('one-source');
    const beyondIt = { sources: sources(['prod', 350, 184], ['test', 50, 16]) };
    expect(plan({ spread: beyondIt })?.cause).toBe('unclear');
    const alone = { sources: sources(['prod', 400, 200]) };
    expect(plan({ spread: alone })?.cause).toBe('unclear');
  });

  test('is unclear if nothing explains most changes, and gives the counts by new state', () => {
    expect(
      cause({ turned: { pass: 100, fail: 99, waived: 1, unknown: 2, left: 3, missing: 4 } }),
    ).toBe(
      'unclear: nothing explains most of it: 209 of 400 keys changed: 100 to pass, 99 to fail, 1 waived, 2 unknown, 4 missing, 3 gone from the inventory',
    );
  });

  test('explains at least four of five changed keys', () => {
    const turn = (left: number) => ({ left, fail: 200 - left });
    expect([plan({ turned: turn(160) })?.cause, plan({ turned: turn(159) })?.cause]).toEqual([
      'inventory-shrank',
      'unclear',
    ]);
    const missing = (some: number) => ({ missing: some, fail: 200 - some });
    expect([plan({ turned: missing(160) })?.cause, plan({ turned: missing(159) })?.cause]).toEqual([
      'keys-missing',
      'unclear',
    ]);
    const field = (keys: number) => ({ fields: [{ field: 'scopes', keys }] });
    expect([plan({ spread: field(160) })?.cause, plan({ spread: field(159) })?.cause]).toEqual([
      'field-missing',
      'unclear',
    ]);
    const rule = (keys: number) => ({ rules: [{ rule: 'stale', keys }] });
    expect([plan({ spread: rule(160) })?.cause, plan({ spread: rule(159) })?.cause]).toEqual([
      'one-rule',
      'unclear',
    ]);
    const source = (some: number) => ({
      sources: sources(['prod', 200, some], ['test', 200, 200 - some]),
    });
    expect([plan({ spread: source(160) })?.cause, plan({ spread: source(159) })?.cause]).toEqual([
      'one-source',
      'unclear',
    ]);
    const judged = (some: number) => plan({ policy: changed, turned: turn(200 - some) })?.cause;
    expect([judged(160), judged(159)]).toEqual(['policy-changed', 'unclear']);
  });
});
