import type { Delivery } from '../../alert/channels/channel.ts';
import type { SourceFigures } from '../../sources/source-watch.ts';

/** What a worker process is told by the process that started it. */
export type ToWorker =
  /** Comes first: keysweep.yaml as it was when that process read it. */
  | { readonly kind: 'begin'; readonly text: string }
  | { readonly kind: 'read-files' }
  | { readonly kind: 'stop' };

/** What a worker process tells the process that started it. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'figures'; readonly source: string; readonly figures: SourceFigures }
  | {
      readonly kind: 'delivered';
      readonly channel: string;
      readonly outcome: Delivery['kind'];
    };

/** The variable of the environment that says which worker process this is, from 2. */
export const processVariable = 'KEYSWEEP_WORKER_PROCESS';
