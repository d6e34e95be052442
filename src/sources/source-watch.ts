/** How a request to a vendor ended: the class of its status, or why there is none. */
export const requestOutcomes = [
  '1xx',
  '2xx',
  '3xx',
  '4xx',
  '429',
  '5xx',
  'timeout',
  'failed',
] as const;
export type RequestOutcome = (typeof requestOutcomes)[number];

/** Is told what happens at a source. */
export interface SourceWatch {
  /** A request ended, after `ms`. */
  requested(outcome: RequestOutcome, ms: number): void;
  /** A request waited for the rate limit, for `ms`. */
  waited(ms: number): void;
  /** The source is paused from now on because it answers nobody, or not any more. */
  paused(isPaused: boolean): void;
}

/** What happened at a source since the figures before. */
export interface SourceFigures {
  readonly requests: readonly { readonly outcome: RequestOutcome; readonly ms: number }[];
  readonly waits: number;
  readonly waitedMs: number;
  readonly pauses: number;
  /** Now. */
  readonly paused: boolean;
}
