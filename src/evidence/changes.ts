import { z } from 'zod';
import { mostMs } from './period.ts';

const instant = z.int().min(-mostMs).max(mostMs);

const change = z.strictObject({
  /** The finding's fingerprint. */
  finding: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.string(),
  keyId: z.string(),
  rule: z.string(),
  type: z.string(),
  severity: z.string(),
  controls: z.array(z.string()),
  kind: z.enum(['opened', 'reopened', 'resolved', 'waived', 'lapsed']),
  resolution: z.string().nullable(),
  /** When the finding was opened, or opened again: in milliseconds since the epoch, as `at`. */
  since: instant,
  at: instant,
});

const standing = z.strictObject({
  rule: z.string(),
  open: z.int().nonnegative(),
  waived: z.int().nonnegative(),
  /** When the oldest of them was first seen, in milliseconds since the epoch. */
  since: instant,
});

const changes = z.strictObject({
  version: z.literal(1),
  sweep: z.uuid(),
  events: z.array(change),
  standing: z.array(standing).nullable(),
});

/** What a sweep changed of one finding. */
export type FindingChange = z.infer<typeof change>;

/** The findings of one rule that are not resolved. */
export type StandingFindings = z.infer<typeof standing>;

/** What a sweep changed of findings, and what stood when it closed: null for a partial sweep. */
export type SweepChanges = Readonly<Omit<z.infer<typeof changes>, 'version'>>;

/** The canonical bytes, as text. Members stand here in their order: sorting them takes longer. */
export function encodeChanges({ sweep, events, standing }: SweepChanges): string {
  return JSON.stringify({
    events: events.map(orderChange),
    standing: standing?.map(orderStanding) ?? null,
    ...{ sweep, version: 1 },
  });
}

function orderChange(change: FindingChange): FindingChange {
  const { at, controls, finding, keyId, kind, resolution, rule, severity } = change;
  const { since, source, type } = change;
  return { at, controls, finding, keyId, kind, resolution, rule, severity, since, source, type };
}

function orderStanding({ open, rule, since, waived }: StandingFindings): StandingFindings {
  return { open, rule, since, waived };
}

/** What a text begins with. */
const opening = '{"events":[';

/** What follows the events. No text within them can hold it, because its quote would end the text. */
const ending = '],"standing":';

/** Likewise what stands between two events, of which the first bracket is of the event before. */
const between = '},{"at":';

/**
 * Undefined unless `encodeChanges` can have written it. Events are read one by one: a sweep may have
 * changed a hundred thousand, and together they would take ten times what their text does.
 */
export function parseChanges(text: string): SweepChanges | undefined {
  const end = text.indexOf(ending);
  if (!text.startsWith(opening) || end < opening.length) return undefined;
  const beside = parseWhole(`${opening}${text.slice(end)}`);
  const events = beside && parseEvents(text, opening.length, end);
  return events && { ...beside, events };
}

function parseWhole(text: string): SweepChanges | undefined {
  const read = changes.safeParse(parseJson(text));
  return read.success && encodeChanges(read.data) === text ? read.data : undefined;
}

/** The events of `text` between these places. */
function parseEvents(text: string, start: number, end: number): FindingChange[] | undefined {
  const events: FindingChange[] = [];
  for (let at = start; at < end; ) {
    const next = text.indexOf(between, at);
    const stop = next < 0 || next >= end ? end : next + 1;
    const one = text.slice(at, stop);
    const read = change.safeParse(parseJson(one));
    if (!read.success || JSON.stringify(orderChange(read.data)) !== one) return undefined;
    events.push(read.data);
    at = stop === end ? end : stop + 1;
  }
  return events;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
