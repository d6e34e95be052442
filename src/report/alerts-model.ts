/** The state of an alert. Superseded: a newer alert replaces it. */
export const alertStates = ['pending', 'delivered', 'failed', 'superseded'] as const;
export type AlertState = (typeof alertStates)[number];

/** A longer list takes minutes to write, and is too long to read. */
export const mostListed = 1_000_000;

/** An alert as lists show it. Its body is left out because it names keys. */
export interface ListedAlert {
  /** The `webhook-id` that receivers see. */
  readonly id: string;
  readonly plannedAt: Date;
  readonly channel: string;
  readonly type: string;
  readonly part: number;
  readonly parts: number;
  readonly state: AlertState;
  readonly attempts: number;
  /** When the next attempt is due; null unless the alert is pending. */
  readonly nextAt: Date | null;
  /** Whether a worker is sending it now. */
  readonly sending: boolean;
  /** Null while the alert is pending. */
  readonly endedAt: Date | null;
  /** The sweep that it reports, if it is kept. */
  readonly sweep: string | null;
  /** The number of findings whose changes it reports. */
  readonly findings: number;
  /** The error of the last attempt, if it did not reach every receiver. */
  readonly detail: string | null;
}

/** A sweep whose changes wait for a release or for the next sweep. */
export interface HeldSweep {
  readonly sweep: string;
  readonly openedAt: Date;
  /** The number of held changes. */
  readonly held: number;
  readonly cause: string | null;
  /** The cause in words. */
  readonly detail: string | null;
}

/** The state of delivery, with one undelivered alert for each channel and reason. */
export interface AlertOutcome {
  readonly delivered: number;
  readonly failed: number;
  readonly pending: number;
  /** The number of pending alerts that are due within the requested time. */
  readonly soon: number;
  readonly left: readonly ListedAlert[];
}
