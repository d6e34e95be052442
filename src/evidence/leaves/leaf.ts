import { hash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../canonical-json.ts';
import { type LogEvent, logEvent, type SubjectName, subject } from './events.ts';

/** The entry of a tile starts with its length in 16 bits. */
export const mostLeafBytes = 65_535;

/** The SHA-256 of each object that a leaf refers to, in hex. */
export type Subjects = Readonly<Partial<Record<Exclude<SubjectName, 'predicate'>, string>>>;

/** One entry of the log. */
export interface Leaf {
  readonly event: LogEvent;
  readonly subjects: Subjects;
}

/** A leaf that cannot be read, or is not in the one form that it may have. */
export class LeafUnreadable extends Error {
  override readonly name = 'LeafUnreadable';
  readonly code = 'KEYSWEEP_LEAF_UNREADABLE';
}

const statementType = 'https://in-toto.io/Statement/v1';
const sweepType = 'https://keysweep.dev/sweep/v1';
const eventType = 'https://keysweep.dev/event/v1';

const statement = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(subject).min(1),
  predicateType: z.enum([sweepType, eventType]),
  predicate: logEvent,
});

/**
 * The bytes of a leaf, as text: the canonical JSON of an in-toto statement. Throws `RangeError` if
 * it is longer than a log can hold.
 */
export function encodeLeaf({ event, subjects }: Leaf): string {
  const text = canonicalJson({
    _type: statementType,
    subject: subjectsOf(event, subjects),
    predicateType: event.event === 'sweep-closed' ? sweepType : eventType,
    predicate: toJson(event),
  });
  const bytes = Buffer.byteLength(text);
  if (bytes > mostLeafBytes) {
    throw new RangeError(`a ${event.event} leaf of ${bytes} bytes is longer than ${mostLeafBytes}`);
  }
  return text;
}

/** Throws `LeafUnreadable`, which says what is wrong, unless `encodeLeaf` can have written it. */
export function parseLeaf(text: string): Leaf {
  const read = statement.safeParse(parseJson(text));
  if (!read.success) throw new LeafUnreadable(describe(read.error));
  const { subject: written, predicate: event } = read.data;
  const subjects: Partial<Record<SubjectName, string>> = {};
  for (const { name, digest } of written) subjects[name] = digest.sha256;
  const { predicate: _own, ...objects } = subjects;
  const leaf = { event, subjects: objects };
  if (encodeLeaf(leaf) !== text) {
    throw new LeafUnreadable('it is not in the canonical form of RFC 8785, or names other objects');
  }
  return leaf;
}

/** A leaf without an object refers to itself: a statement has a subject. */
function subjectsOf(event: LogEvent, subjects: Subjects): JsonValue {
  const named = Object.entries(subjects).sort(([a], [b]) => (a < b ? -1 : 1));
  if (named.length === 0) {
    const own = hash('sha256', canonicalJson(toJson(event)));
    named.push(['predicate', own]);
  }
  return named.map(([name, sha256]) => ({ name, digest: { sha256 } }));
}

/** Events hold only what JSON can. */
function toJson(event: LogEvent): JsonValue {
  return event as unknown as JsonValue;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LeafUnreadable('it is no JSON');
  }
}

function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'leaf'}: ${message}`).join('; ');
}
