import type { FleetKey } from '../../src/sandbox/fleet-key.ts';

export interface FleetShape {
  readonly keys: number;
  /** One key in this many breaks a rule, and no other does; 0: the usual fleet. */
  readonly failing?: number;
}

/** The keys `key_0`, `key_1`, … of a fleet; every call gives the same. */
export function keysOfFleet({ keys, failing = 0 }: FleetShape): readonly FleetKey[] {
  return failing === 0 ? largeFleet(keys) : failingFleet(keys, failing);
}

/**
 * The usual fleet. Under the six rules, about one in nine breaks a rule: one in 25 is stale, one in
 * 25 too old, one in 50 may write, one in 100 was never used.
 */
export function largeFleet(count: number): readonly FleetKey[] {
  return Array.from({ length: count }, (_, index) => ({
    ...plain(index),
    scopes: index % 50 === 1 ? ['charges:read', 'charges:write'] : ['charges:read'],
    createdOn: index % 25 === 2 ? `-${91 + (index % 200)}d` : `-${60 + (index % 30)}d`,
    lastUsed: index % 100 === 4 ? null : `-${index % 25 === 3 ? 46 + (index % 10) : index % 40}d`,
  }));
}

/** A failing key is stale, or too old, or may write, in turn. */
function failingFleet(count: number, failing: number): readonly FleetKey[] {
  return Array.from({ length: count }, (_, index) => {
    const fault = index % failing === 0 ? (index / failing) % 3 : undefined;
    return {
      ...plain(index),
      scopes: fault === 2 ? ['charges:read', 'charges:write'] : ['charges:read'],
      createdOn: fault === 1 ? '-120d' : '-60d',
      lastUsed: fault === 0 ? '-50d' : `-${index % 40}d`,
    };
  });
}

const plain = (index: number) => ({
  id: `key_${index}`,
  name: `Key ${index}`,
  type: 'secret',
  lastFour: index.toString(16).padStart(4, '0').slice(-4),
});
