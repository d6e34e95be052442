import type { FleetShape } from '../large-fleet.ts';

/** What the vendor of a bench does. */
export interface VendorOptions {
  readonly fleet: FleetShape;
  /** How long it waits before each answer. */
  readonly latencyMs?: number;
  /** How much it can do at once; without it, any number of requests. */
  readonly capacity?: Capacity;
}

/** A vendor that works on so many requests at once, and lets the others wait in line. */
export interface Capacity {
  readonly places: number;
  /** How long it works on a request. */
  readonly serviceMs: number;
  /** Answers 429 if more than this many wait; undefined: it lets any number wait. */
  readonly longestLine?: number | undefined;
  /** `Retry-After` of those answers, in seconds; undefined: they have none. */
  readonly retryAfter?: number | undefined;
}

/** A message to the vendor's process. */
export type VendorMessage =
  /** Answers 429 for `seconds`, from the key request with this number (counted from now) on. */
  | { readonly kind: 'refuse'; readonly fromRequest: number; readonly seconds: number }
  /** One key in `oneIn` was used now. */
  | { readonly kind: 'use-keys'; readonly oneIn: number }
  /** Has `places` places from now on, and half of them after this many keys answered from now. */
  | { readonly kind: 'halve-later'; readonly places: number; readonly afterKeys: number }
  /** Answers with a `Journal`, and begins a new one. */
  | { readonly kind: 'take-journal' };

/** What the vendor saw, in milliseconds of its own clock. */
export interface Journal {
  /** When each request arrived, those for tokens too. */
  readonly arrivedMs: readonly number[];
  /** When each answer was sent, in the order of the answers. */
  readonly answeredMs: readonly number[];
  /** What to add to an instant for milliseconds since the epoch. */
  readonly originMs: number;
  /** When each answer 429 was sent. */
  readonly refusedMs: readonly number[];
  /** The keys answered by a vendor with a capacity, in the order of the answers. */
  readonly served: readonly Served[];
  /** When its capacity was halved. */
  readonly halvedMs?: number;
}

/** A request that a vendor with a capacity has answered. */
export interface Served {
  readonly at: number;
  /** From its arrival, the line included. */
  readonly tookMs: number;
  /** In its place: on a busy machine, timers are late, and the vendor can do less than it says. */
  readonly workedMs: number;
}
