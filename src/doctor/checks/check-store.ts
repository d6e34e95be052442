import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Examination } from '../examination.ts';
import type { ExaminedStore } from '../examine-store.ts';
import { broken, type Line, warning, well } from '../line.ts';
import { planDatabase } from '../plan/plan-database.ts';
import { planRoom } from '../plan/plan-room.ts';

/** Opens the store, or asks the process that holds it. */
export async function checkStore({ config, store }: Examination): Promise<readonly Line[]> {
  const examined = await store;
  const kind = config.store.kind;
  const facts = examined.kind === 'read' ? planDatabase(examined.facts, kind) : [];
  const room = config.store.kind === 'embedded' ? [await checkRoom(config.store.folder)] : [];
  return [planOpening(examined), ...facts, ...room];
}

function planOpening(store: ExaminedStore): Line {
  if (store.kind === 'none') return well('store', 'no store yet; the first sweep makes it');
  if (store.kind === 'failed') return broken('store', store.refusal.what, store.refusal.mend);
  if (store.kind === 'older') {
    return warning('store', store.refusal.what, 'nothing to do: the next command updates it');
  }
  const { facts, holder } = store;
  const through = holder === undefined ? '' : `, asked through process ${holder}, which holds it`;
  return well('store', `${facts.server}, of this version${through}`);
}

async function checkRoom(folder: string): Promise<Line> {
  const { bavail, bsize } = await statfs(existingFolder(folder));
  return planRoom(bavail * bsize, folder);
}

/** The folder, else the nearest one above it that exists. */
function existingFolder(folder: string): string {
  const above = dirname(folder);
  return existsSync(folder) || above === folder ? folder : existingFolder(above);
}
