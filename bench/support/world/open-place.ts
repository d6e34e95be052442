import type { Keep } from '../scope.ts';
import { startVendor, type VendorProcess } from '../vendor/start-vendor.ts';
import type { VendorOptions } from '../vendor/vendor-options.ts';
import { createWorld, type WorldPlan } from './create-world.ts';
import { openServers, type Servers } from './open-servers.ts';
import type { World } from './run-keysweep.ts';

/** Everything around a keysweep: the vendor, the servers if it uses any, and its configuration. */
export interface Place {
  readonly vendor: VendorProcess;
  readonly world: World;
  readonly servers: Servers | undefined;
}

export interface PlaceWithServers extends Place {
  readonly servers: Servers;
}

interface PlacePlan extends VendorOptions, Omit<WorldPlan, 'vendorUrl' | 'keys' | 'servers'> {}

export async function openPlace(plan: PlacePlan, keep: Keep): Promise<PlaceWithServers> {
  const servers = await keep(openServers());
  return { ...(await openAround(plan, servers, keep)), servers };
}

export const openEmbeddedPlace = (plan: PlacePlan, keep: Keep): Promise<Place> =>
  openAround(plan, undefined, keep);

async function openAround(
  plan: PlacePlan,
  servers: Servers | undefined,
  keep: Keep,
): Promise<Place> {
  const vendor = await keep(startVendor(plan));
  const { keys } = plan.fleet;
  const world = await keep(createWorld({ ...plan, vendorUrl: vendor.url, keys, servers }));
  return { vendor, world, servers };
}
