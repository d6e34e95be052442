import type { Logger } from 'pino';
import type { Config, Secrets } from '../config/config.ts';
import type { WorkWatch } from '../http/metrics/note-work.ts';
import type { WorkerTimings } from '../queue/start-workers.ts';
import type { Database } from '../record/store/database.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { FileWatchTimings } from './files/watch-files.ts';

export type Role = 'scheduler' | 'worker' | 'http';

export interface AppOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly roles: ReadonlySet<Role>;
  /** How many processes like this one are to work, this one included; by default, 1. */
  readonly processes?: number;
  /** How long the server of the store may take to answer; 10 s unless given. */
  readonly connectMs?: number | undefined;
  /** Called once with the open store, before anything uses it. */
  readonly prepare?: ((database: Database) => Promise<void>) | undefined;
  /**
   * Called before any work starts. `assertReady` rejects with the server's refusal if the store or
   * the queue cannot be written to now. If this rejects, the application does not open.
   */
  readonly beforeWork?: (assertReady: AssertReady) => Promise<void>;
  /** How soon a silent worker loses its jobs; by default, `usualTimings`. */
  readonly timings?: WorkerTimings;
  /** Where channels of type log write lines for people; by default, they write JSON to the log. */
  readonly tell?: ((line: string) => void) | undefined;
  /** The embedded store has stopped for good: nothing can be recorded any more. Called once. */
  readonly storeStopped?: (error: Error) => void;
  /** Who hears what this process does, if it counts it in no metrics of its own. */
  readonly work?: WorkWatch | undefined;
  /** What traces the work; by default, nothing does. */
  readonly tracing?: Tracing;
  /** Whether the policy and the inventory are read again when they change; by default not. */
  readonly watches?: FileWatchTimings | undefined;
}

export type AssertReady = () => Promise<void>;
