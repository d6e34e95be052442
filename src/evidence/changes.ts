import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

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
  /** Milliseconds since the epoch. */
  at: z.int(),
});

const changes = z.strictObject({ version: z.literal(1), events: z.array(change) });

/** What a sweep changed of one finding. */
export type FindingChange = z.infer<typeof change>;

/** The canonical bytes of what a sweep changed of findings, as text. */
export function encodeChanges(events: readonly FindingChange[]): string {
  return canonicalJson({ version: 1, events });
}

/** Undefined unless `encodeChanges` can have written it. */
export function parseChanges(text: string): readonly FindingChange[] | undefined {
  const read = changes.safeParse(JSON.parse(text));
  return read.success && encodeChanges(read.data.events) === text ? read.data.events : undefined;
}
