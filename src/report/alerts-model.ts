/** What became of an alert so far. Superseded: another tells what it was to tell. */
export const alertStates = ['pending', 'delivered', 'failed', 'superseded'] as const;
export type AlertState = (typeof alertStates)[number];

/** Longer lists take minutes to write down, and nobody reads them. */
export const mostListedAlerts = 1_000_000;

/** A message to one channel, as lists show it: not what it says, which names keys. */
export interface ListedAlert {
  /** What receivers see as `webhook-id`. */
  readonly id: string;
  readonly plannedAt: Date;
  readonly channel: string;
  readonly type: string;
  readonly part: number;
  readonly parts: number;
  readonly state: AlertState;
  readonly attempts: number;
  /** Of a pending one: when it is due. */
  readonly nextAt: Date | null;
  /** Somebody is at it now. */
  readonly sending: boolean;
  /** Null while it is pending. */
  readonly endedAt: Date | null;
  /** The sweep that it tells of, where that is kept. */
  readonly sweep: string | null;
  /** Of how many findings it tells a change. */
  readonly findings: number;
  /** What came of the last attempt, where it did not arrive everywhere. */
  readonly detail: string | null;
}

/** A sweep whose changes wait for somebody's word, or for the next sweep. */
export interface HeldSweep {
  readonly sweep: string;
  readonly openedAt: Date;
  /** How many changes of findings wait. */
  readonly held: number;
  readonly cause: string | null;
  /** The cause in words. */
  readonly detail: string | null;
}

/** How delivery stands with some alerts, and one of each channel and reason that did not arrive. */
export interface AlertOutcome {
  readonly delivered: number;
  readonly failed: number;
  readonly pending: number;
  /** Those of the pending ones that are due within the time asked about. */
  readonly soon: number;
  readonly left: readonly ListedAlert[];
}
