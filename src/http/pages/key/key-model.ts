import type { KeyFacts } from '../../../record/reads/pages/read-key-facts.ts';
import type { KeyNight } from '../../../record/reads/pages/read-key-nights.ts';
import type { ReportFinding } from '../../../report/model.ts';
import type { ScopeRow } from './plan-scopes.ts';

/** What is known of a key; without an instant of tracking if no sweep has seen it yet. */
export interface ShownKey extends Omit<KeyFacts, 'row' | 'trackedAt'> {
  readonly trackedAt: Date | null;
}

/** All that the page of a key shows. */
export interface KeyModel {
  readonly now: Date;
  readonly facts: ShownKey;
  readonly scopes: readonly ScopeRow[];
  /** Newest first. */
  readonly nights: readonly ChangedNight[];
  /** The address of older nights. */
  readonly older: string | undefined;
  /** The address of the newest nights, if others are shown. */
  readonly newest: string | undefined;
  readonly findings: readonly ReportFinding[];
}

/** A night, and what differs from the one before it, in words. */
export interface ChangedNight extends KeyNight {
  readonly changes: readonly string[];
}
