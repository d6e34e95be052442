import type { AlertFinding } from '../message.ts';
import { advise } from './advise.ts';
import type { EventKind } from './event-kinds.ts';
import type { PendingEvent } from './pending-event.ts';
import { trimFinding } from './trim-finding.ts';

/** An event as messages report it. */
export interface AlertedEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly finding: AlertFinding;
}

/** `publicUrl`: where this installation's pages are, if it has any. */
export function toAlertedEvent(
  { id, kind, finding }: PendingEvent,
  publicUrl: string | undefined,
): AlertedEvent {
  return { id, kind, finding: trimFinding({ ...finding, ...advise(finding, publicUrl) }) };
}
