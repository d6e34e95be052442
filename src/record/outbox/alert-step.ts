import type { AlertSweep, PlannedAlert } from '../../alert/message.ts';
import type { Coverage } from '../../keys/coverage.ts';
import type { SweepEvent } from './pending-events.ts';

/** The sweep in whose name alerts are written, as messages describe it. */
export interface AlertContext {
  /** The row of the sweep. */
  readonly id: number;
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** The database's clock. */
  readonly now: Date;
  /** What reminders count from: a closing sweep's opening, else now. */
  readonly asOf: Date;
}

/** What is written in the name of one sweep. */
export type AlertStep = {
  readonly context: AlertContext;
} /** Alerts about these events, which are then no longer pending. */ & (
  | { readonly kind: 'changes'; readonly events: readonly SweepEvent[] }
  /** The same for all events that are still pending: there may be a hundred thousand. */
  | { readonly kind: 'rest' }
  /** These events are no longer pending, without an alert. */
  | { readonly kind: 'withdrawal'; readonly events: readonly SweepEvent[] }
  /** Alerts that are about no finding. */
  | { readonly kind: 'notices'; readonly alerts: readonly PlannedAlert[] }
);
