import type { RouteConfig } from '../config/config.ts';
import type { FindingState } from '../evaluate/plan-transitions.ts';
import type { AlertCoverage, AlertFinding, AlertSweep, PlannedAlert } from './message.ts';
import { compileRoutes, type Router } from './route.ts';
import { trimFinding } from './trim-finding.ts';

/** In the order in which receivers read the arrays of a message. */
const kinds = ['opened', 'reopened', 'resolved', 'lapsed', 'reminder'] as const;
export type EventKind = (typeof kinds)[number];

/** Something that happened to a finding and has not been told. */
export interface UntoldEvent {
  readonly id: string;
  /** `waived`: told to nobody, but what follows it depends on it. */
  readonly kind: EventKind | 'waived';
  /** The finding's state before; null for a new one. */
  readonly was: FindingState | null;
  readonly finding: AlertFinding;
  /** Of the finding's key; `scopes` is undefined where they could not be read. */
  readonly tags: readonly string[];
  readonly scopes: readonly string[] | undefined;
  /** Where the finding's last opening went; empty when none has been told. */
  readonly openedTo: readonly string[];
}

export interface AlertsInput {
  readonly sweep: AlertSweep;
  readonly coverage: AlertCoverage;
  /** In the order in which they happened. */
  readonly events: readonly UntoldEvent[];
  readonly channels: readonly string[];
  readonly routes: readonly RouteConfig[];
}

export interface AlertsPlan {
  /** By channel, and within a channel by part. */
  readonly alerts: readonly PlannedAlert[];
  /** Where each finding's last opening goes, by fingerprint: to be kept for what follows it. */
  readonly openedTo: ReadonlyMap<string, readonly string[]>;
}

export const mostFindingsAMessage = 100;

/**
 * Decides which messages tell the untold events of findings: at most 100 findings a message, none
 * when nothing changed. An opening or reopening is routed; what follows it goes where it went, as
 * far as those channels still exist. Events that follow none are routed too, but for the end of a
 * finding that was waived all its life: nobody has heard of it.
 */
export function planAlerts(input: AlertsInput): AlertsPlan {
  const router = compileRoutes(input.routes, input.channels);
  const openedTo = new Map<string, readonly string[]>();
  const byChannel = new Map<string, ToldEvent[]>(input.channels.map((id) => [id, []]));

  for (const event of input.events) {
    const { fingerprint } = event.finding;
    const known = openedTo.get(fingerprint) ?? event.openedTo;
    if (!isTold(event, known)) {
      openedTo.set(fingerprint, event.was === 'open' ? known : []);
      continue;
    }
    const targets = targetsOf(event, known, router, input.channels);
    openedTo.set(fingerprint, targets);
    for (const channel of targets) byChannel.get(channel)?.push(event);
  }

  const alerts = [...byChannel].flatMap(([channel, events]) =>
    planParts(input, channel, cutIntoParts(events)),
  );
  return { alerts, openedTo };
}

type ToldEvent = UntoldEvent & { readonly kind: EventKind };

function isTold(event: UntoldEvent, openedTo: readonly string[]): event is ToldEvent {
  if (event.kind === 'waived') return false;
  return !(event.kind === 'resolved' && event.was === 'waived' && openedTo.length === 0);
}

function targetsOf(
  event: ToldEvent,
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

/**
 * Cuts a channel's events into messages, in order. Within a message a finding's events stand in the
 * order of the arrays: “resolved, then reopened” in one message would read as “resolved” last, so
 * it takes two.
 */
function cutIntoParts(events: readonly ToldEvent[]): readonly (readonly ToldEvent[])[] {
  const parts: ToldEvent[][] = [];
  let part: ToldEvent[] = [];
  let latest = new Map<string, number>();
  for (const event of events) {
    const rank = kinds.indexOf(event.kind);
    const outOfOrder = rank <= (latest.get(event.finding.fingerprint) ?? -1);
    if (parts.length === 0 || part.length === mostFindingsAMessage || outOfOrder) {
      part = [];
      latest = new Map();
      parts.push(part);
    }
    part.push(event);
    latest.set(event.finding.fingerprint, rank);
  }
  return parts;
}

function planParts(
  { sweep, coverage }: AlertsInput,
  channel: string,
  parts: readonly (readonly ToldEvent[])[],
): readonly PlannedAlert[] {
  return parts.map((events, index) => {
    const of = (kind: EventKind) =>
      events.filter((event) => event.kind === kind).map(({ finding }) => trimFinding(finding));
    const position = { part: index + 1, parts: parts.length };
    return {
      type: 'findings.changed',
      channel,
      ...position,
      eventIds: events.map((event) => event.id),
      data: {
        sweep,
        coverage,
        ...position,
        opened: of('opened'),
        reopened: of('reopened'),
        resolved: of('resolved'),
        lapsed: of('lapsed'),
        reminders: of('reminder'),
      },
    };
  });
}
