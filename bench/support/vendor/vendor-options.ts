import type { FleetShape } from '../large-fleet.ts';

/** What the vendor of a bench does. */
export interface VendorOptions {
  readonly fleet: FleetShape;
  /** How long it waits before each answer. */
  readonly latencyMs?: number;
}

/** A message to the vendor's process. */
export type VendorMessage =
  /** Answers 429 for `seconds`, from the key request with this number (counted from now) on. */
  | { readonly kind: 'refuse'; readonly fromRequest: number; readonly seconds: number }
  /** One key in `oneIn` was used now. */
  | { readonly kind: 'use-keys'; readonly oneIn: number }
  /** Answers with a `Journal`, and begins a new one. */
  | { readonly kind: 'take-journal' };

/** What the vendor saw, in milliseconds of its own clock. */
export interface Journal {
  /** When each request arrived, those for tokens too. */
  readonly arrivedMs: readonly number[];
  /** When each answer 429 was sent. */
  readonly refusedMs: readonly number[];
}
