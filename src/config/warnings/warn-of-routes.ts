import { ownerChannel } from '../../alert/route.ts';
import { quoted } from '../../documents/mistake.ts';
import type { ListedKeys } from '../../inventory/listed-keys.ts';
import { renderCount } from '../../text/render-count.ts';
import type { Config } from '../config.ts';
import { renderNames } from '../render-names.ts';

/**
 * Warns of routes and owners that may not work as intended. These are not mistakes, because an
 * alert without a channel goes to all channels.
 */
export async function warnOfRoutes(config: Config): Promise<string[]> {
  const { alerts, owners, inventory } = config;
  const named = new Set(alerts.routes.flatMap(({ channels }) => channels));
  if (!named.has(ownerChannel)) {
    const unused =
      owners.size > 0 ? ['owners: no route names the channel owner, so no owner is alerted'] : [];
    return [...unused, ...channelsLeftOut(config, named)];
  }
  const ofKeys = await listOwners(inventory);
  const nobody = ofKeys.delete(null);
  const unknown = [...ofKeys].flatMap((owner) =>
    owner === null || owners.has(owner) ? [] : [quoted(owner)],
  );
  const idle = [...owners.keys()].filter((owner) => !ofKeys.has(owner)).map(quoted);
  for (const { channels } of owners.values()) for (const id of channels) named.add(id);
  return [
    ...unknownOwners(unknown),
    ...(nobody ? [`owners: some keys have no owner; ${ofOthers}`] : []),
    ...(idle.length > 0 ? [`owners: no key has the owner ${renderNames(idle)}`] : []),
    ...channelsLeftOut(config, named),
  ];
}

const ofOthers = 'where a route names only owner, alerts on their keys go to all channels';

function unknownOwners(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const count = renderCount(names.length, 'owner');
  return [`owners: does not list ${count} of keys (${renderNames(names)}); ${ofOthers}`];
}

function channelsLeftOut({ alerts }: Config, named: ReadonlySet<string>): string[] {
  const left = alerts.channels.map(({ id }) => id).filter((id) => !named.has(id));
  if (alerts.routes.length === 0 || left.length === 0) return [];
  return [
    `alerts.routes: no route names ${renderNames(left)}: alerts go there only about sweeps, ` +
      'about channels, and about findings that match no route',
  ];
}

async function listOwners(inventory: ListedKeys): Promise<Set<string | null>> {
  const owners = new Set<string | null>();
  for await (const some of inventory.chunks()) for (const { owner } of some) owners.add(owner);
  return owners;
}
