import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { readKeyHistory } from '../../record/reads/history/read-key-history.ts';
import { listUnaudited } from '../../record/reads/lists/merge-inventory.ts';
import { readKeyHistoryJson, renderKeyHistory } from '../../report/key-history/key-history-json.ts';
import type { KeyHistory } from '../../report/key-history/key-history-model.ts';
import { oneName } from '../filters.ts';
import { findings } from '../findings/findings.ts';
import { defineOperation, type NamedKey } from '../operation.ts';
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
  async run({ database, config }, { source, keyId, ...asked }): Promise<KeyHistory | undefined> {
    const named = { source, keyId };
    return (await readKeyHistory(database, named, asked)) ?? notYetSwept(config, named);
  },
});

function notYetSwept({ inventory }: Config, { source, keyId }: NamedKey): KeyHistory | undefined {
  const [key] = listUnaudited(
    inventory.filter((one) => one.source === source && one.keyId === keyId),
  );
  if (key === undefined) return undefined;
  const known = { ...key, trackedAt: null, untrackedAt: null };
  return { key: known, findings: [], items: [], next: null };
}
