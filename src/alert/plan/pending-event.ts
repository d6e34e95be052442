import type { FindingState } from '../../evaluate/history/transition.ts';
import type { BareFinding } from '../message.ts';
import type { EventKind } from './event-kinds.ts';

/** A change to a finding that has not been alerted. */
export interface PendingEvent {
  readonly id: string;
  readonly kind: EventKind;
  /** The finding's state before; null for a new one. */
  readonly was: FindingState | null;
  /** The row of the finding. */
  readonly findingRow: number;
  /** Whether no other event of the finding is planned with it. */
  readonly single: boolean;
  readonly finding: BareFinding;
  /** Tags of the finding's key, and its scopes; undefined where they could not be read. */
  readonly tags: readonly string[];
  readonly scopes: readonly string[] | undefined;
  /** The channels that the finding's last opening was sent to. */
  readonly openedTo: readonly string[];
}
