import { describe, expect, test } from 'vitest';
import type { Anomaly } from '../../../src/alert/plan/plan-anomaly.ts';
import {
  type Difference,
  type HeldComparison,
  planHolding,
} from '../../../src/record/closing/plan-holding.ts';
import { aHeldSweep } from './a-closing.ts';

const config = { changed: 0.3, atLeast: 2 };
const none = { pass: 0, fail: 0, waived: 0, unknown: 0, missing: 0, left: 0 };
const anomaly: Anomaly = {
  ...{ compared: 10, changed: 4, turned: { ...none, fail: 4 } },
  ...{ cause: 'unclear', detail: 'nothing explains it' },
};
const held = [aHeldSweep(7)];

/** The sweep held last compared 10 keys, and so did this one; nothing changed since. */
function beside(difference: Partial<HeldComparison> = {}): HeldComparison {
  const since = { compared: 10, turned: none };
  return { compared: 10, comparedThen: 10, since, ...difference };
}

function plan(difference: Difference | undefined, wait = held) {
  return planHolding(wait, difference, config);
}

describe('a sweep while no other is held', () => {
  test('is reported when its changes are within the limit', () => {
    expect(plan({ anomaly: undefined, beside: undefined }, [])).toEqual({
      kind: 'alert',
      confirmed: [],
    });
  });

  test('is held when its changes are above the limit', () => {
    expect(plan({ anomaly, beside: undefined }, [])).toEqual({ kind: 'hold', anomaly });
  });
});

describe('a sweep after one that is held', () => {
  test('withdraws changes that went back', () => {
    expect(plan({ anomaly: undefined, beside: beside() })).toEqual({
      kind: 'recovered',
      withdrawn: held,
    });
  });

  test('confirms changes that it finds too', () => {
    expect(plan({ anomaly, beside: beside() })).toEqual({ kind: 'alert', confirmed: held });
  });

  test('is held too when it differs from that one by more than the limit', () => {
    const since = (fail: number) => ({ compared: 10, turned: { ...none, fail } });
    expect(plan({ anomaly, beside: beside({ since: since(3) }) }).kind).toBe('alert');
    expect(plan({ anomaly, beside: beside({ since: since(4) }) }).kind).toBe('hold');
  });

  test('decides about it only if it compared at least half as many keys', () => {
    const half = beside({ compared: 5 });
    const less = beside({ compared: 4 });
    expect(plan({ anomaly: undefined, beside: half }).kind).toBe('recovered');
    expect(plan({ anomaly: undefined, beside: less })).toEqual({ kind: 'alert', confirmed: [] });
    expect(plan({ anomaly, beside: half }).kind).toBe('alert');
    expect(plan({ anomaly, beside: less }).kind).toBe('hold');
  });
});

describe('held changes', () => {
  test('are reported when `anomaly` is no longer configured', () => {
    expect(planHolding(held, { anomaly, beside: beside() }, undefined)).toEqual({
      kind: 'alert',
      confirmed: held,
    });
  });

  test('are reported when there is no sweep to compare with', () => {
    expect(plan(undefined)).toEqual({ kind: 'alert', confirmed: held });
  });
});
