import { acceptCommand } from '../../inventory/render-held.ts';
import { alertRejected } from '../outbox/alert-rejected.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database } from '../store/database.ts';
import type { HeldInventory } from './inventory/compare-inventory.ts';
import type { SweepInputs } from './write-sweep.ts';

/** Alerts all channels about a held inventory, once for it and the inventory that stays in use. */
export async function alertHeld(
  database: Database,
  { hash, inUse, tracked, kept, listed }: HeldInventory,
  { inventory, store }: Pick<SweepInputs, 'inventory' | 'store'>,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const { files } = inventory;
  const data = { files, store, tracked, kept, listed, accept: acceptCommand };
  const content = `held ${hash} ${inUse}`;
  return alertRejected(database, content, { type: 'inventory.held', data }, alerting);
}
