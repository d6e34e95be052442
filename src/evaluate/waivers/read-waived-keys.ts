import { z } from 'zod';
import { parseYaml } from '../policy/parse-yaml.ts';
import type { WaivedKey } from './hash-approved.ts';

const key = z.object({ source: z.string(), keyId: z.string() });
const written = z.object({
  waivers: z.array(z.object({ id: z.string(), keys: z.array(key).optional() })).default([]),
});

/**
 * Reads which keys the waivers of a policy name, by the ids of those that do, without judging the
 * rest of it. Empty where its waivers cannot be read.
 */
export function readWaivedKeys(policy: string): ReadonlyMap<string, readonly WaivedKey[]> {
  const read = written.safeParse(parseYaml(policy));
  const waivers = read.data?.waivers ?? [];
  return new Map(waivers.flatMap(({ id, keys }) => (keys === undefined ? [] : [[id, keys]])));
}
