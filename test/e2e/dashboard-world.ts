import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { FleetKey } from '../../src/sandbox/fleet-key.ts';
import { openReceiver } from '../alert/channels/receiver.ts';
import { createWorld, freshKey, staleKey } from './world.ts';

export const tokens = {
  operator: 'token-of-olga-1234567890',
  viewer: 'token-of-vera-1234567890',
} as const;

/** SQL and HTML, as an id may hold them. */
export const hostileText = `"><img src=x onerror=alert(1)>'; drop table keysweep.finding; --`;

export const sleepers = ['key_sleeper_a', 'key_sleeper_b', 'key_sleeper_c'];
/** Enough that the alerts are held when all of them turn stale in one night. */
const busy = ['key_busy_1', 'key_busy_2', 'key_busy_3', 'key_busy_4', 'key_busy_5', 'key_busy_6'];

const sleeper: FleetKey = { ...staleKey, name: 'Sleeper', lastUsed: '-95d' };
const hostileKey: FleetKey = {
  ...staleKey,
  id: hostileText,
  name: hostileText,
  type: hostileText,
  scopes: [hostileText],
};

const fleet: readonly FleetKey[] = [
  ...[staleKey, freshKey, hostileKey],
  ...sleepers.map((id) => ({ ...sleeper, id })),
  ...busy.map((id) => ({ ...freshKey, id })),
];

const ofHostile = { owner: hostileText, environment: hostileText, tags: [hostileText] };
const inventory = fleet.map(({ id }) => ({
  ...{ source: 'vendor', keyId: id },
  ...(id === hostileText ? ofHostile : { owner: 'payments' }),
}));

const rules = [
  { id: 'stale-45', type: 'stale', after: '45d', severity: 'high' },
  { id: 'woke-up', type: 'reawakened', dormant: '90d', severity: 'high' },
  {
    ...{ id: 'own', type: 'expression', severity: 'low', message: hostileText },
    when: 'key.type.startsWith("\\"")',
  },
];

/** A running keysweep with people who sign in, and a receiver that a test breaks and mends. */
export async function openDashboardWorld() {
  let status = 404;
  const answer = (response: ServerResponse) => void response.writeHead(status).end();
  const siem = await openReceiver(answer);
  const alerts = {
    channels: [{ id: 'siem', type: 'webhook', url: `${siem.origin}/hook` }],
    allowPrivateNetworks: true,
    anomaly: { changed: '30%', atLeast: 4 },
  };
  const http = {
    port: 0,
    tokens: [
      { name: 'olga', token: tokens.operator, role: 'operator' },
      { name: 'vera', token: tokens.viewer, role: 'viewer' },
    ],
  };
  const world = await createWorld({
    ...{ fleet, rules, source: { attempts: 6 } },
    config: { alerts, http, inventory: [{ file: 'keys.json' }] },
  });
  await writeFile(join(world.folder, 'keys.json'), JSON.stringify(inventory));
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  const port = /"port":(\d+)/.exec(running.stderr)?.[1];
  return {
    ...{ world, siem, running, origin: `http://127.0.0.1:${port}` },
    mendReceiver() {
      status = 200;
    },
    /** The vendor says that these keys were last used then. */
    use(ids: readonly string[], lastUsed: string) {
      for (const id of ids) {
        const key = world.sandbox.fleet.get(id);
        if (key !== undefined) world.sandbox.fleet.setKey({ ...key, lastUsed });
      }
    },
    forgetBusy: () => {
      for (const id of busy) world.sandbox.fleet.setKey({ ...staleKey, id });
    },
    async close() {
      await world.close();
      await siem.close();
    },
  };
}
