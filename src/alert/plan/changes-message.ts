import type { Coverage } from '../../keys/coverage.ts';
import type { Destinations } from '../destinations.ts';
import type { AlertSweep, Message } from '../message.ts';
import type { AlertedEvent } from './alerted-event.ts';
import type { EventKind } from './event-kinds.ts';

/** What the messages about the changes of a sweep have in common. */
export interface AlertsTerms {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  readonly destinations: Destinations;
  /** The planning time, which the messages show. */
  readonly at: Date;
}

/** The message that is part `part` of `parts` and reports these events. */
export function changesMessage(
  { sweep, coverage }: AlertsTerms,
  events: readonly AlertedEvent[],
  { part, parts }: { readonly part: number; readonly parts: number },
): Extract<Message, { readonly type: 'findings.changed' }> {
  const of = (kind: EventKind) =>
    events.filter((event) => event.kind === kind).map(({ finding }) => finding);
  const changed = {
    opened: of('opened'),
    reopened: of('reopened'),
    resolved: of('resolved'),
    lapsed: of('lapsed'),
    waived: of('waived'),
    reminders: of('reminder'),
  };
  return { type: 'findings.changed', data: { sweep, coverage, part, parts, ...changed } };
}
