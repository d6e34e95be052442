import type { DatabaseClock } from '../../timing/database-clock.ts';
import type { Answer } from '../key-source.ts';
import type { Counted } from '../limit/count.ts';
import type { CountAsked } from '../limit/count-through.ts';
import type { SourceSecrets } from '../vendor.ts';
import type { SourceConfig } from '../vendors.ts';

/** What the thread of the sources is started with. The secrets stay in this process. */
export interface ThreadData {
  readonly sources: readonly SourceConfig[];
  /** By source. */
  readonly credentials: ReadonlyMap<string, SourceSecrets>;
}

/** Keys of one batch that are to be asked for. */
export interface ObserveOrder {
  readonly source: string;
  readonly sweep: string;
  readonly urgent: boolean;
  readonly clock: DatabaseClock;
  readonly keyIds: readonly string[];
}

/** From the process to the thread. `call` names a call of the asking side. */
export type ToThread =
  | { readonly kind: 'observe'; readonly call: number; readonly order: ObserveOrder }
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'counted'; readonly call: number; readonly counted: Counted }
  | { readonly kind: 'close' };

/** From the thread to the process: answers, and what is to be counted where all workers see it. */
export type FromThread =
  | { readonly kind: 'observed'; readonly call: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'failed'; readonly call: number; readonly code: string }
  | { readonly kind: 'fault'; readonly code: string }
  | CountAsked;
