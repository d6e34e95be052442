import { type FaultKind, tokenEndpoint, type VendorFault } from './fault.ts';

/** Which faults are on, and how often each was used. */
export interface FaultBook {
  readonly isEmpty: boolean;
  add(fault: VendorFault): void;
  /** Switches off the faults of a target (null: every key), or only those of one kind. */
  clear(target: string | null, kind?: FaultKind): void;
  clearAll(): void;
  /** The faults for a request to a key id or to `tokenEndpoint`; counts the request. */
  strike(target: string): readonly VendorFault[];
}

interface Entry {
  readonly fault: VendorFault;
  struck: number;
}

/** Faults of a key id come before those of every key; the token endpoint has only its own. */
export function createFaultBook(): FaultBook {
  let entries: readonly Entry[] = [];

  return {
    get isEmpty() {
      return entries.length === 0;
    },
    add(fault) {
      entries = [...entries, { fault, struck: 0 }];
    },
    clear(target, kind) {
      const isMeant = ({ fault }: Entry) =>
        fault.target === target && (kind === undefined || fault.kind === kind);
      entries = entries.filter((entry) => !isMeant(entry));
    },
    clearAll() {
      entries = [];
    },
    strike(target) {
      const own = entries.filter(({ fault }) => fault.target === target);
      const ofAllKeys = entries.filter(({ fault }) => fault.target === null);
      const meant = target === tokenEndpoint ? own : [...own, ...ofAllKeys];
      return meant.filter(strikeOnce).map(({ fault }) => fault);
    },
  };
}

function strikeOnce(entry: Entry): boolean {
  if (entry.fault.times !== undefined && entry.struck >= entry.fault.times) return false;
  entry.struck += 1;
  return true;
}
