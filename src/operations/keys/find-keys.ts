import { z } from 'zod';
import { readTrackedIds } from '../../record/reads/read-tracked.ts';
import { chooseKeyId } from '../../record/store/find-by-beginning.ts';
import { asList } from '../answers.ts';
import { defineOperation, type Means, type NamedKey } from '../operation.ts';
import { namedKeyShape } from '../shapes/keys.ts';

/**
 * The tracked keys of the id that is given whole, or by a beginning that no other id has: in every
 * source, or in the one named. Throws `RequestRefused` if several ids begin so.
 */
export const findKeys = defineOperation({
  about: 'Finds the keys of this id, or of the only id that begins so.',
  access: 'read',
  method: 'GET',
  path: 'keys/{keyId}',
  input: z.strictObject({ keyId: z.string(), source: z.string().optional() }),
  shape: namedKeyShape,
  answer: asList<NamedKey>(),
  async run(means, { keyId, source }) {
    const whole = await means.findTracked(keyId, source);
    if (whole.length > 0) return whole;
    const chosen = chooseKeyId(keyId, await idsThatBegin(means, keyId, source));
    return chosen === undefined ? [] : means.findTracked(chosen, source);
  },
});

async function idsThatBegin(
  { database, config }: Means,
  beginning: string,
  source: string | undefined,
): Promise<readonly string[]> {
  const ids = new Set(await readTrackedIds(database, beginning, source));
  for (const key of config.inventory) {
    if (source !== undefined && key.source !== source) continue;
    if (key.keyId.startsWith(beginning)) ids.add(key.keyId);
  }
  return [...ids].sort();
}
