import { z } from 'zod';
import { hashWaiver } from './compile-waivers.ts';
import type { WaivedKey } from './hash-approved.ts';
import { waiverSchema } from './waiver.ts';

const written = z.object({ waivers: z.array(z.unknown()).default([]) });

/**
 * Reads which keys the waivers of a parsed policy name, by their identities (`hashWaiver`), without
 * judging the rest of it. A waiver that this program cannot read is left out.
 */
export function readWaivedKeys(policy: unknown): ReadonlyMap<string, readonly WaivedKey[]> {
  const read = written.safeParse(policy);
  const keys = new Map<string, readonly WaivedKey[]>();
  for (const one of read.data?.waivers ?? []) {
    const waiver = waiverSchema.safeParse(one).data;
    if (waiver?.keys !== undefined) keys.set(hashWaiver(waiver), waiver.keys);
  }
  return keys;
}
