import type { FindingState } from '../../evaluate/history/transition.ts';
import type { Coverage } from '../../keys/coverage.ts';
import type { Destinations } from '../destinations.ts';
import type { AlertSweep, BareFinding, PlannedAlert } from '../message.ts';
import { formatOf, formats } from '../render/index.ts';
import { compileRoutes, type Router } from '../route.ts';
import { advise } from './advise.ts';
import { cutIntoParts } from './cut-into-parts.ts';
import type { EventKind } from './event-kinds.ts';
import { trimFinding } from './trim-finding.ts';

/** A change to a finding that has not been alerted. */
export interface PendingEvent {
  readonly id: string;
  readonly kind: EventKind;
  /** The finding's state before; null for a new one. */
  readonly was: FindingState | null;
  readonly finding: BareFinding;
  /** Tags of the finding's key, and its scopes; undefined where they could not be read. */
  readonly tags: readonly string[];
  readonly scopes: readonly string[] | undefined;
  /** The channels that the finding's last opening was sent to. */
  readonly openedTo: readonly string[];
}

export interface AlertsInput {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** In the order in which they happened. */
  readonly events: readonly PendingEvent[];
  readonly destinations: Destinations;
  /** The planning time, which the messages show. */
  readonly at: Date;
}

export interface AlertsPlan {
  /**
   * Ordered by channel, then by part. Each run makes the messages anew, one by one: together, those
   * of a hundred thousand findings would need hundreds of megabytes.
   */
  readonly alerts: Iterable<PlannedAlert>;
  /** The channels of each finding's last opening, by fingerprint; kept for its later events. */
  readonly openedTo: ReadonlyMap<string, readonly string[]>;
}

/**
 * Plans the messages about pending events: at most 100 findings per message, and no message without
 * changes. An opening or reopening is routed. Later events go to the same channels that still
 * exist, and are routed if none do. That a finding is waived, or that a waived one ended, is left out
 * if its opening was never alerted.
 */
export function planAlerts(input: AlertsInput): AlertsPlan {
  const router = compileRoutes(input.destinations);
  const known = [...input.destinations.formats.keys()];
  const openedTo = new Map<string, readonly string[]>();
  const byChannel = new Map<string, PendingEvent[]>(known.map((id) => [id, []]));

  for (const event of input.events) {
    const { fingerprint } = event.finding;
    const before = openedTo.get(fingerprint) ?? event.openedTo;
    if (!wasOpenedTo(event, before)) {
      openedTo.set(fingerprint, event.was === 'open' ? before : []);
      continue;
    }
    const targets = targetsOf(event, before, router, known);
    openedTo.set(fingerprint, targets);
    for (const channel of targets) byChannel.get(channel)?.push(event);
  }

  const parts = [...byChannel].map(([channel, events]) => planParts(input, channel, events));
  return { alerts: oneByOne(parts), openedTo };
}

/** False for an event that only makes sense to those who know of an opening that nobody got. */
function wasOpenedTo({ kind, was }: PendingEvent, openedTo: readonly string[]): boolean {
  if (kind === 'waived') return was === 'open' && openedTo.length > 0;
  return !(kind === 'resolved' && was === 'waived' && openedTo.length === 0);
}

function targetsOf(
  event: PendingEvent,
  openedTo: readonly string[],
  router: Router,
  channels: readonly string[],
): readonly string[] {
  const opens = event.kind === 'opened' || event.kind === 'reopened';
  const still = opens ? [] : channels.filter((channel) => openedTo.includes(channel));
  if (still.length > 0) return still;
  const { finding, tags, scopes } = event;
  return router({ ...finding, type: finding.keyType ?? undefined, tags, scopes });
}

function oneByOne(parts: readonly Iterable<PlannedAlert>[]): Iterable<PlannedAlert> {
  return {
    *[Symbol.iterator]() {
      for (const some of parts) yield* some;
    },
  };
}

function planParts(
  { sweep, coverage, destinations, at }: AlertsInput,
  channel: string,
  events: readonly PendingEvent[],
): Iterable<PlannedAlert> {
  const { publicUrl, longestCheckpoint } = destinations;
  const format = formats[formatOf(channel, destinations)];
  const toMessage = (some: readonly PendingEvent[], part: number, parts: number) => {
    const of = (kind: EventKind) =>
      some
        .filter((event) => event.kind === kind)
        .map(({ finding }) => trimFinding({ ...finding, ...advise(finding, publicUrl) }));
    const changed = {
      opened: of('opened'),
      reopened: of('reopened'),
      resolved: of('resolved'),
      lapsed: of('lapsed'),
      waived: of('waived'),
      reminders: of('reminder'),
    };
    const data = { sweep, coverage, part, parts, ...changed };
    return { type: 'findings.changed', data } as const;
  };
  const fits = (some: readonly PendingEvent[]) =>
    format.render(toMessage(some, longestNumber, longestNumber), at, longestCheckpoint).fits;
  const parts = cutIntoParts(events, format.mostFindings, fits);
  return {
    *[Symbol.iterator]() {
      for (const [index, some] of parts.entries()) {
        const message = toMessage(some, index + 1, parts.length);
        const eventIds = some.map(({ id }) => id);
        yield { ...message, channel, part: index + 1, parts: parts.length, eventIds };
      }
    },
  };
}

/** Parts must fit before their number is known. This is the longest count. */
const longestNumber = 9_999_999;
