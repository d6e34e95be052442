import { z } from 'zod';
import { readTrackedIds } from '../../record/reads/read-tracked.ts';
import { chooseKeyId } from '../../record/store/find-by-beginning.ts';
import { readMirroredHash } from '../../record/store/mirrored-hash.ts';
import { mostCandidates } from '../../text/id-beginning.ts';
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
    const whole = await find(means, keyId, source);
    if (whole.length > 0) return whole;
    const chosen = chooseKeyId(keyId, await idsThatBegin(means, keyId, source));
    return chosen === undefined ? [] : find(means, chosen, source);
  },
});

async function find(
  { findTracked }: Means,
  keyId: string,
  source: string | undefined,
): Promise<readonly NamedKey[]> {
  const found = await findTracked([keyId]);
  return found.filter((key) => source === undefined || key.source === source);
}

async function idsThatBegin(
  { database, config: { inventory } }: Means,
  beginning: string,
  source: string | undefined,
): Promise<readonly string[]> {
  const tracked = await readTrackedIds(database, beginning, source);
  if ((await readMirroredHash(database.db)) === inventory.hash) return tracked;
  const isOfSource = (key: NamedKey) => source === undefined || key.source === source;
  let ids = tracked;
  for await (const some of inventory.chunks()) {
    const begin = some.filter((key) => key.keyId.startsWith(beginning) && isOfSource(key));
    const all = new Set([...ids, ...begin.map(({ keyId }) => keyId)]);
    ids = [...all].sort().slice(0, mostCandidates + 1);
  }
  return ids;
}
