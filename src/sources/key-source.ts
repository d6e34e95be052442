import type { Observation, UnknownReason } from '../keys/observation.ts';

/** A source of keys: it says what the vendor knows about one key. */
export interface KeySource {
  readonly id: string;

  /**
   * What the vendor says about the key now, or why that is unknown. Everything that the vendor does
   * is an answer, never an error. Rejects with the signal's reason if the caller aborts, with
   * `SourceClosed` after `close`, and with whatever `Pace` throws.
   */
  observe(keyId: string, context: ObserveContext): Promise<Answer>;

  /** Drops all connections. Calls in flight reject with `SourceClosed`. */
  close(): Promise<void>;
}

/**
 * `now` is the database's clock. `sweep` is the sweep's id: permanent failures, such as refused
 * credentials, are remembered under it.
 */
export interface ObserveContext {
  readonly signal: AbortSignal;
  /** A person waits for the answer: it goes first, and has a share of the rate limit. */
  readonly urgent: boolean;
  readonly now: () => Date;
  readonly sweep: string;
  /** Calls of a lower one are asked first: those of one batch share one. */
  readonly turn?: number;
}

export type Answer =
  /** Present, missing, or unknown for a reason that stays for this sweep. */
  | {
      readonly kind: 'observed';
      readonly observation: Observation;
      /** The source refused our credentials: the same holds for every other key in this sweep. */
      readonly refusesAll: boolean;
    }
  /**
   * Unknown for a passing reason: may be asked again, not before `retryAt` if it is given: the rest
   * of a batch may take long. `counts: false` uses up none of the key's attempts. `awayMs`: the
   * source asked us to stay away for this long.
   */
  | {
      readonly kind: 'unanswered';
      readonly reason: UnknownReason;
      readonly detail: string;
      readonly counts: boolean;
      readonly retryAt?: Date;
      readonly awayMs?: number;
    };

/** The source's rate limit, shared by all workers. */
export interface Pace {
  /**
   * Waits for a permit to send one request; if aborted, rejects with the signal's reason. Rejects
   * with `HeldBack` at once if a long pause goes on.
   */
  take(signal: AbortSignal, urgent: boolean): Promise<void>;

  /** Delays the requests of all workers for this long, because the vendor asked for it. */
  pause(ms: number): Promise<void>;
}
