import type { Proxies } from '../../proxy/proxies.ts';
import type { DatabaseClock } from '../../timing/database-clock.ts';
import type { TraceCarrier } from '../../tracing/tracing.ts';
import type { Answer } from '../key-source.ts';
import type { PermitsReply } from '../limit/permits-call.ts';
import type { PermitsWanted } from '../limit/permits-through.ts';
import type { SourceFigures } from '../source-watch.ts';
import type { SourceSecrets } from '../vendor.ts';
import type { SourceConfig } from '../vendors.ts';

/** The start data of the sources' thread. The secrets stay in this process. */
export interface ThreadData {
  readonly sources: readonly SourceConfig[];
  /** By the id of the source. */
  readonly credentials: ReadonlyMap<string, SourceSecrets>;
  readonly proxies?: Proxies | undefined;
  /** Whether other processes share the permits. If not, the thread keeps them. */
  readonly sharesPermits: boolean;
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
  | { readonly kind: 'permits'; readonly call: number; readonly reply: PermitsReply }
  | { readonly kind: 'close' };

/**
 * From the thread to the process: answers, faults, requests for permits, figures, and
 * that a source goes on: its next sign may take `quietMs`.
 */
export type FromThread =
  | { readonly kind: 'observed'; readonly call: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'failed'; readonly call: number; readonly code: string }
  | { readonly kind: 'fault'; readonly code: string }
  | { readonly kind: 'progress'; readonly source: string; readonly quietMs: number }
  | { readonly kind: 'figures'; readonly source: string; readonly figures: SourceFigures }
  | PermitsWanted;
