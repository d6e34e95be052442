import { keyBody } from './bodies.ts';
import { type FleetKey, resolveDate } from './fleet-key.ts';

/** The vendor's keys. Relative dates are resolved when a key is set, from the sandbox's `now`. */
export interface Fleet {
  get(id: string): FleetKey | undefined;
  setKey(key: FleetKey): void;
  removeKey(id: string): boolean;
  ofMerchant(mid: string): readonly FleetKey[];
  /** The answer for a key, ready to send. Rendered once, because tests ask for it very often. */
  body(id: string): Buffer | undefined;
  readonly size: number;
}

export function createFleet(keys: readonly FleetKey[], now: Date): Fleet {
  const byId = new Map<string, FleetKey>();
  const bodies = new Map<string, Buffer>();

  const fleet: Fleet = {
    get: (id) => byId.get(id),
    setKey(key) {
      byId.set(key.id, resolved(key, now));
      bodies.delete(key.id);
    },
    removeKey(id) {
      bodies.delete(id);
      return byId.delete(id);
    },
    ofMerchant: (mid) => [...byId.values()].filter((key) => key.mid === mid),
    body(id) {
      const ready = bodies.get(id);
      const key = byId.get(id);
      if (ready !== undefined || key === undefined) return ready;
      const body = Buffer.from(JSON.stringify(keyBody(key)));
      bodies.set(id, body);
      return body;
    },
    get size() {
      return byId.size;
    },
  };
  for (const key of keys) fleet.setKey(key);
  return fleet;
}

function resolved(key: FleetKey, now: Date): FleetKey {
  const createdOn = resolveDate(key.createdOn, now);
  const lastUsed = resolveDate(key.lastUsed, now);
  return { ...key, createdOn, lastUsed } as FleetKey;
}
