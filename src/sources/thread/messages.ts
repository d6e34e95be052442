import type { Proxies } from '../../proxy/proxies.ts';
import type { DatabaseClock } from '../../timing/database-clock.ts';
import type { TraceCarrier } from '../../tracing/tracing.ts';
import type { Answer } from '../key-source.ts';
import type { Counted } from '../limit/count.ts';
import type { CountAsked } from '../limit/count-through.ts';
import type { SourceFigures } from '../source-watch.ts';
import type { SourceSecrets } from '../vendor.ts';
import type { SourceConfig } from '../vendors.ts';

/** The start data of the sources' thread. The secrets stay in this process. */
export interface ThreadData {
  readonly sources: readonly SourceConfig[];
  /** By the id of the source. */
  readonly credentials: ReadonlyMap<string, SourceSecrets>;
  readonly proxies?: Proxies | undefined;
}

/** The keys of one batch to ask for. */
export interface ObserveOrder {
  readonly source: string;
  readonly sweep: string;
  readonly urgent: boolean;
  readonly clock: DatabaseClock;
  readonly keyIds: readonly string[];
  /** The trace that the requests belong to. */
  readonly trace?: TraceCarrier | undefined;
}

/** From the process to the thread. `call` is a number that the calling side chose. */
export type ToThread =
  | { readonly kind: 'observe'; readonly call: number; readonly order: ObserveOrder }
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'counted'; readonly call: number; readonly counted: Counted }
  | { readonly kind: 'close' };

/**
 * From the thread to the process: answers, faults, requests to count for all workers, figures, and
 * that a source goes on: its next sign may take `quietMs`.
 */
export type FromThread =
  | { readonly kind: 'observed'; readonly call: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'failed'; readonly call: number; readonly code: string }
  | { readonly kind: 'fault'; readonly code: string }
  | { readonly kind: 'progress'; readonly source: string; readonly quietMs: number }
  | { readonly kind: 'figures'; readonly source: string; readonly figures: SourceFigures }
  | CountAsked;
