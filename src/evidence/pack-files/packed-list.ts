import { createHash, hash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { hasShortLists } from '../has-short-lists.ts';

const list = z.strictObject({
  version: z.literal(1),
  source: z.string(),
  /** The id of each key and the text of its inventory entry, in the order of the packs. */
  keys: z.array(z.tuple([z.string(), z.string()])),
});

/** The keys of a batch, as `lists/` of a pack has them. */
export type PackedList = z.infer<typeof list>;

/** The canonical bytes of a list, as text. */
export function encodePackedList({ source, keys }: Omit<PackedList, 'version'>): string {
  return canonicalJson({ version: 1, source, keys });
}

/** Undefined unless `encodePackedList` can have written it. */
export function parsePackedList(text: string): PackedList | undefined {
  const raw: unknown = JSON.parse(text);
  const read = hasShortLists(raw) ? list.safeParse(raw) : undefined;
  return read?.success === true && encodePackedList(read.data) === text ? read.data : undefined;
}

/** The hash of a list of keys, as docs/evidence-format.md says. */
export function hashPackedList({ source, keys }: Omit<PackedList, 'version'>): Buffer {
  const ofSource = sha256(source);
  const hash = createHash('sha256');
  for (const [keyId, entry] of keys) {
    hash.update(ofSource).update(sha256(keyId)).update(sha256(entry));
  }
  return hash.digest();
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
