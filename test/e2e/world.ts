import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/create-sandbox.ts';
import type { FleetKey } from '../../src/sandbox/fleet-key.ts';
import { openReceiver, type Receiver } from '../alert/channels/receiver.ts';
import { freshDatabase } from '../support/postgres.ts';
import { freshRedisPrefix } from '../support/redis.ts';
import { type Ended, type Env, launch, type Running } from './command.ts';

export type Stack = 'embedded' | 'postgres' | 'redis';
export const stacks: readonly Stack[] = ['embedded', 'postgres', 'redis'];

/** Whether the servers of a stack are to be had in this run. */
export function hasStack(stack: Stack): boolean {
  if (stack === 'embedded') return true;
  return (
    inject('databaseUrl') !== undefined &&
    (stack === 'postgres' || inject('redisUrl') !== undefined)
  );
}

/**
 * Runs a suite on each of these stacks that is to be had. `npm test` takes the last of them alone;
 * `npm run test:all` takes them all.
 */
export function describeStacks(
  claim: string,
  among: readonly Stack[],
  suite: (stack: Stack) => void,
): void {
  const last = among.filter(hasStack).at(-1);
  for (const stack of among) {
    const tags = hasStack(stack) && stack !== last ? ['all'] : [];
    describe.skipIf(!hasStack(stack))(`${claim} (${stack})`, { tags }, () => suite(stack));
  }
}

/** A signing secret of the world's webhook. */
export const webhookSecret = 'whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=';

interface Section {
  readonly [name: string]: unknown;
}

/** What differs from the ordinary world. Sections replace those of the ordinary keysweep.yaml. */
export interface Difference {
  readonly stack?: Stack;
  readonly fleet?: readonly FleetKey[];
  /** The text of keys.csv; every key of the fleet, owned by `payments`, unless told. */
  readonly inventory?: string;
  readonly rules?: readonly object[];
  readonly waivers?: readonly object[];
  readonly source?: Section;
  readonly config?: Section;
  readonly env?: Env;
  /** Servers of the test's own, instead of the shared ones. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

/** A folder with a configuration, the vendor, a webhook receiver, and the command to run there. */
export interface World {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly receiver: Receiver;
  readonly prefix: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  write(
    difference: Pick<Difference, 'config' | 'inventory' | 'rules' | 'source' | 'waivers'>,
  ): Promise<void>;
  launch(args: readonly string[], env?: Env, script?: string): Running;
  run(args: readonly string[], env?: Env): Promise<Ended>;
  close(): Promise<void>;
}

export const staleKey: FleetKey = {
  id: 'key_stale',
  name: 'Forgotten job',
  type: 'secret',
  scopes: ['charges:read'],
  createdOn: '-100d',
  lastUsed: '-80d',
  lastFour: '7dc0',
};
export const freshKey: FleetKey = {
  ...staleKey,
  id: 'key_fresh',
  name: 'Busy job',
  lastUsed: '-1h',
};

const staleRule = { id: 'stale-45', type: 'stale', after: '45d', severity: 'high' };

/** Builds a world; close it after the test. */
export async function createWorld(difference: Difference = {}): Promise<World> {
  const { stack = 'embedded', fleet = [staleKey, freshKey] } = difference;
  const folder = await mkdtemp(join(tmpdir(), 'ks-e2e-'));
  const sandbox = await createSandbox({ fleet });
  const receiver = await openReceiver((response) => response.end());
  const servers = await openServers(stack, difference);
  const started: Running[] = [];
  const inventory = difference.inventory ?? listKeys(fleet.map(({ id }) => id));
  const ordinary = {
    log: { level: 'info' },
    store: { url: servers.databaseUrl ?? 'pglite:store' },
    ...(servers.redisUrl === undefined
      ? {}
      : { queue: { url: servers.redisUrl, prefix: servers.prefix } }),
    http: { port: 0 },
    alerts: {
      channels: [
        { id: 'siem', type: 'webhook', url: `${receiver.origin}/hook`, secret: webhookSecret },
      ],
      allowPrivateNetworks: true,
    },
  };
  const source = {
    id: 'vendor',
    type: 'flexcharge',
    baseUrl: sandbox.url,
    appKey: 'demo-app-key',
    appSecret: 'demo-app-secret',
    rateLimit: { requests: 1_000, per: '1s' },
    attempts: 2,
    timeout: '2s',
  };
  const world: World = {
    folder,
    sandbox,
    receiver,
    ...servers,
    async write({ config, inventory, rules, waivers, source: other }) {
      if (inventory !== undefined) await writeFile(join(folder, 'keys.csv'), inventory);
      if (rules !== undefined) {
        await writeFile(
          join(folder, 'policy.yaml'),
          JSON.stringify({ version: '1', rules, waivers }),
        );
      }
      if (config === undefined && other === undefined) return;
      const files = { inventory: [{ file: 'keys.csv' }], policy: 'policy.yaml' };
      const sources = [{ ...source, ...difference.source, ...other }];
      const whole = { ...ordinary, sources, ...files, ...difference.config, ...config };
      // JSON is YAML too.
      await writeFile(join(folder, 'keysweep.yaml'), JSON.stringify(whole, null, 2));
    },
    launch(args, env = {}, script = undefined) {
      const paths = { KEYSWEEP_CONFIG: join(folder, 'keysweep.yaml') };
      const running = launch(args, { ...paths, ...difference.env, ...env }, script);
      started.push(running);
      return running;
    },
    run: (args, env = {}) => world.launch(args, env).ended,
    async close() {
      await Promise.all(started.map((running) => running.end('SIGKILL')));
      await Promise.all([sandbox.close(), receiver.close(), servers.drop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  const { rules = [staleRule], waivers = [] } = difference;
  await world.write({ config: {}, inventory, rules, waivers });
  // An empty database of the test's own; the shared server hands out migrated ones.
  if (difference.databaseUrl !== undefined) await migrate(world);
  return world;
}

/** keys.csv for these keys of the one source. */
export function listKeys(ids: readonly string[]): string {
  const rows = ids.map((id) => `vendor,${id},payments`);
  return ['source,key_id,owner', ...rows, ''].join('\n');
}

async function openServers(stack: Stack, { databaseUrl, redisUrl }: Difference) {
  const ownDatabase = stack !== 'embedded' && databaseUrl === undefined;
  const database = ownDatabase
    ? await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'))
    : undefined;
  const redis = stack === 'redis' ? (redisUrl ?? inject('redisUrl')) : undefined;
  const { prefix, drop } = freshRedisPrefix(redis ?? '');
  return {
    prefix,
    databaseUrl: database?.url ?? databaseUrl,
    redisUrl: redis,
    async drop() {
      await database?.drop();
      // A Redis of the test's own goes with all it has, and may be gone already.
      if (redis !== undefined && redisUrl === undefined) await drop();
    },
  };
}

async function migrate(world: World): Promise<void> {
  const { code, stderr } = await world.run(['migrate']);
  if (code !== 0) throw new Error(`migrate ended with ${code}: ${stderr}`);
}
