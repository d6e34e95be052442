import type { Telemetry } from 'bullmq';

/** Ids, names of the configuration and counts. Never what a key or a message holds. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Where a trace continues, as headers name it. */
export type TraceCarrier = Readonly<Record<string, string>>;

/** Traces what keysweep does, if the user has loaded an SDK of OpenTelemetry. */
export interface Tracing {
  /**
   * Runs the work in a span with this name. `note` adds facts to it. If the work rejects, the span
   * has the code of the error, and not its message.
   */
  span<T>(
    name: string,
    facts: SpanFacts,
    work: (note: (facts: SpanFacts) => void) => Promise<T>,
  ): Promise<T>;
  /** The id of the trace that this code runs in; undefined if none is recorded. */
  traceId(): string | undefined;
  /** What another thread needs to continue the trace. */
  carry(): TraceCarrier | undefined;
  /** Runs work that belongs to a trace of another thread. */
  continued<T>(carrier: TraceCarrier | undefined, work: () => Promise<T>): Promise<T>;
  /** What BullMQ makes its own spans with, and hands traces on from job to job. */
  readonly telemetry: Telemetry | undefined;
}

/** Traces nothing. */
export const untraced: Tracing = {
  span: (_name, _facts, work) => work(() => undefined),
  traceId: () => undefined,
  carry: () => undefined,
  continued: (_carrier, work) => work(),
  telemetry: undefined,
};
