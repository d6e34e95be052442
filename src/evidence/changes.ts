import { z } from 'zod';
import { listOf } from './list-of.ts';
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
  controls: listOf(z.string()),
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

const beside = z.strictObject({
  version: z.literal(1),
  sweep: z.uuid(),
  events: z.tuple([]),
  standing: listOf(standing).nullable(),
});

/** What a sweep changed of one finding. */
export type FindingChange = z.infer<typeof change>;

/** The findings of one rule that are not resolved. */
export type StandingFindings = z.infer<typeof standing>;

/** What a sweep changed of findings, and what stood when it closed: null for a partial sweep. */
export interface SweepChanges {
  readonly sweep: string;
  /** In the order of fingerprints. */
  readonly events: Iterable<FindingChange>;
  readonly standing: readonly StandingFindings[] | null;
}

/** The canonical bytes, as text. Members stand here in their order: sorting them takes longer. */
export function encodeChanges({ sweep, events, standing }: SweepChanges): string {
  return JSON.stringify({
    events: Array.from(events, orderChange),
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
 * The longest text of one event, or of what is beside the events. Both have the names of a policy,
 * which has at most 1 MiB; a hostile text takes many times its length when it is parsed.
 */
const mostChars = 16 * 1024 * 1024;

/**
 * Undefined unless `encodeChanges` can have written it. Its events are read one by one, each time
 * anew: a sweep may have changed a hundred thousand findings, and they would take ten times the
 * memory of their text.
 */
export function parseChanges(text: string): SweepChanges | undefined {
  const end = text.indexOf(ending);
  if (!text.startsWith(opening) || end < opening.length) return undefined;
  const others = parseBeside(`${opening}${text.slice(end)}`);
  const texts = () => cutEvents(text, opening.length, end);
  if (others === undefined || !areEvents(texts())) return undefined;
  return { ...others, events: { [Symbol.iterator]: () => readEvents(texts()) } };
}

function parseBeside(text: string): SweepChanges | undefined {
  const read = beside.safeParse(parseJson(text));
  return read.success && encodeChanges(read.data) === text ? read.data : undefined;
}

/** The texts of the events between these places. */
function* cutEvents(text: string, start: number, end: number): Generator<string, void> {
  for (let at = start; at < end; ) {
    const next = text.indexOf(between, at);
    const stop = next < 0 || next >= end ? end : next + 1;
    yield text.slice(at, stop);
    at = stop === end ? end : stop + 1;
  }
}

function areEvents(texts: Iterable<string>): boolean {
  for (const text of texts) if (!isEvent(text)) return false;
  return true;
}

function isEvent(text: string): boolean {
  const read = change.safeParse(parseJson(text));
  return read.success && JSON.stringify(orderChange(read.data)) === text;
}

function* readEvents(texts: Iterable<string>): Generator<FindingChange, void> {
  for (const text of texts) yield JSON.parse(text) as FindingChange;
}

function parseJson(text: string): unknown {
  if (text.length > mostChars) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
