import { hash } from 'node:crypto';
import { z } from 'zod';
import { listOf } from './list-of.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestShape = z.strictObject({
  version: z.literal(1),
  sweep: z.uuid(),
  /** 32 bytes in base64, from which the salts of the key tree are made. */
  seed: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  batches: listOf(
    z.strictObject({
      batch: z.int().nonnegative(),
      source: z.string(),
      keys: z.int().positive(),
      list: sha256,
      pack: sha256,
      /** 32 bytes in base64; null where an earlier build judged the batch. */
      keysRoot: z
        .string()
        .regex(/^[A-Za-z0-9+/]{43}=$/)
        .nullable(),
    }),
  ),
});

/** What a sweep consists of: its batches in their order. */
export type Manifest = z.infer<typeof manifestShape>;

/**
 * The canonical bytes of a manifest, as text: docs/evidence-format.md says what is in them. Members
 * stand here in their order, because sorting those of thousands of batches takes longer.
 */
export function encodeManifest({ sweep, seed, batches }: Omit<Manifest, 'version'>): string {
  return JSON.stringify({
    batches: batches.map(({ batch, keys, keysRoot, list, pack, source }) => {
      return { batch, keys, keysRoot, list, pack, source };
    }),
    ...{ seed, sweep, version: 1 },
  });
}

/** Undefined unless `encodeManifest` can have written it. */
export function parseManifest(text: string): Manifest | undefined {
  const read = manifestShape.safeParse(JSON.parse(text));
  return read.success && encodeManifest(read.data) === text ? read.data : undefined;
}

/** The list of the key lists of a sweep: which keys were tracked, and who answers for them. */
export function encodeInventory(lists: Pick<Manifest['batches'][number], 'source' | 'list'>[]) {
  return JSON.stringify({ lists: lists.map(({ source, list }) => [source, list]), version: 1 });
}

/** The SHA-256 of an object's bytes, in hex: its name. */
export function nameObject(text: string): string {
  return hash('sha256', text);
}
