import { z } from 'zod';
import { readKeyHistory } from '../../record/reads/history/read-key-history.ts';
import { findUnswept } from '../../record/reads/lists/find-unswept.ts';
import { toUnaudited } from '../../record/reads/lists/merge-inventory.ts';
import { readKeyHistoryJson, renderKeyHistory } from '../../report/key-history/key-history-json.ts';
import type { KeyHistory } from '../../report/key-history/key-history-model.ts';
import { oneName } from '../filters.ts';
import { findings } from '../findings/findings.ts';
import { defineOperation, type Means, type NamedKey } from '../operation.ts';
import { pageFields } from '../paged-list.ts';
import { keyHistoryShape } from '../shapes/keys.ts';

/**
 * What is known of a key, its findings, and the sweeps that it was in, newest first, each with what
 * changed in it. A key that has left the inventory keeps its history.
 */
export const keyHistory = defineOperation({
  about:
    'Tells what is known of a key: its facts, its findings, and its sweeps with what changed in each.',
  access: 'read',
  method: 'GET',
  path: 'keys/{source}/{keyId}',
  input: z.strictObject({ source: oneName, keyId: oneName, ...pageFields }),
  shape: keyHistoryShape,
  answer: {
    write: renderKeyHistory,
    read: (json: unknown) => readKeyHistoryJson(json, findings.items.read),
  },
  async run(means, { source, keyId, ...asked }): Promise<KeyHistory | undefined> {
    const named = { source, keyId };
    return (await readKeyHistory(means.database, named, asked)) ?? notYetSwept(means, named);
  },
});

async function notYetSwept(
  { database, config }: Means,
  named: NamedKey,
): Promise<KeyHistory | undefined> {
  const key = await findUnswept(database, config.inventory, named);
  if (key === undefined) return undefined;
  const known = { ...toUnaudited(key), trackedAt: null, untrackedAt: null };
  return { key: known, findings: [], items: [], next: null };
}
