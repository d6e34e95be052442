import { z } from 'zod';
import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { hasShortLists } from './has-short-lists.ts';
import { mostMs } from './period.ts';

const row = z.int().positive();
const instant = z.int().min(-mostMs).max(mostMs).nullable();

const packText = z.strictObject({
  version: z.literal(1),
  sweep: z.uuid(),
  batch: z.int().nonnegative(),
  source: z.string(),
  keys: z.array(row),
  entries: z.array(row),
  observations: z.array(row.nullable()),
  verdicts: z.array(z.int().min(1).max(4)),
  observedAt: z.array(instant),
  lastUsed: z.array(instant),
  judgements: z.array(z.unknown()),
  references: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The bytes of a pack as they stand, without what its rows refer to. */
export interface ParsedPack extends Omit<z.infer<typeof packText>, 'judgements'> {
  readonly judgements: readonly JsonValue[];
}

/**
 * Undefined unless `encodePack` can have written it: canonical JSON, and as many items in each list
 * as there are keys. Throws `SyntaxError` for what is no JSON.
 */
export function parsePack(text: string): ParsedPack | undefined {
  const raw: unknown = JSON.parse(text);
  if (!hasShortLists(raw)) return undefined;
  const read = packText.safeParse(raw);
  if (!read.success || canonicalJson(raw as JsonValue) !== text) return undefined;
  const pack = { ...read.data, judgements: read.data.judgements as JsonValue[] };
  const { keys, entries, observations, verdicts, observedAt, lastUsed, judgements } = pack;
  const lists = [entries, observations, verdicts, observedAt, lastUsed, judgements];
  return lists.every(({ length }) => length === keys.length) ? pack : undefined;
}
