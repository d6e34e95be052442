import type { FleetKey } from '../src/sandbox/fleet-key.ts';

/** `count` keys `key_0`, `key_1`, … of the ordinary kind, the same at every call. */
export function largeFleet(count: number): readonly FleetKey[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `key_${index}`,
    name: `Key ${index}`,
    type: index % 10 === 0 ? 'public' : 'secret',
    scopes: index % 7 === 0 ? ['charges:read', 'charges:write'] : ['charges:read'],
    createdOn: `-${(index % 120) + 1}d`,
    lastUsed: index % 11 === 0 ? null : `-${index % 60}d`,
    lastFour: index.toString(16).padStart(4, '0').slice(-4),
  }));
}
