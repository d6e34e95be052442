import type { FleetKey } from '../src/sandbox/fleet-key.ts';

/**
 * `count` keys `key_0`, `key_1`, …; every call gives the same. Under the sample policy, about one
 * in ten breaks a rule: one in 25 is stale, one in 25 too old, one in 50 may write, one in 100 was
 * never used.
 */
export function largeFleet(count: number): readonly FleetKey[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `key_${index}`,
    name: `Key ${index}`,
    type: 'secret',
    scopes: index % 50 === 1 ? ['charges:read', 'charges:write'] : ['charges:read'],
    createdOn: index % 25 === 2 ? `-${91 + (index % 200)}d` : `-${60 + (index % 30)}d`,
    lastUsed: index % 100 === 4 ? null : `-${index % 25 === 3 ? 46 + (index % 10) : index % 40}d`,
    lastFour: index.toString(16).padStart(4, '0').slice(-4),
  }));
}
