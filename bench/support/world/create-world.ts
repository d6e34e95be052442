import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sandboxCredentials } from '../../../src/sandbox/create-sandbox.ts';
import type { Servers } from './open-servers.ts';
import { runKeysweep, type World } from './run-keysweep.ts';

const policies = { six: 'bench/support/six-rules.yaml', sample: 'config/policy.yaml' };
export type PolicyName = keyof typeof policies;

export interface WorldPlan {
  readonly vendorUrl: string;
  readonly keys: number;
  /** Undefined: the embedded store. */
  readonly servers: Servers | undefined;
  readonly policy?: PolicyName;
  /** What differs from the ordinary source. */
  readonly source?: Readonly<Record<string, unknown>>;
  /** Sections of keysweep.yaml. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The rows of keys.csv; by default, the keys of the fleet. */
  readonly rows?: Iterable<string>;
}

/** The source that keys are read from. */
export const sourceId = 'vendor';

export async function createWorld(plan: WorldPlan): Promise<World> {
  const { servers, policy = 'six' } = plan;
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-bench-'));
  const configFile = join(folder, 'keysweep.yaml');
  const world = { folder, configFile, close: () => rm(folder, { recursive: true, force: true }) };
  const text = await readFile(policies[policy], 'utf8');
  // The waiver of the sample is for a key that is in the sample's inventory only.
  await writeFile(join(folder, 'policy.yaml'), text.replace(/^waivers:.*/ms, ''));
  await writeInventory(join(folder, 'keys.csv'), plan.rows ?? rowsOfFleet(plan.keys));
  // JSON is also YAML.
  await writeFile(configFile, JSON.stringify(configOf(plan), null, 2));
  if (servers !== undefined) await runKeysweep(world, ['migrate']);
  return world;
}

function configOf({ vendorUrl, servers, source, config }: WorldPlan) {
  const ordinary = {
    ...{ id: sourceId, type: 'flexcharge', baseUrl: vendorUrl, ...sandboxCredentials },
    // So high that it never decides.
    rateLimit: { requests: 100_000, per: '1s' },
  };
  return {
    sources: [{ ...ordinary, ...source }],
    ...(servers === undefined
      ? { store: { url: 'pglite:store' } }
      : {
          store: { url: servers.databaseUrl },
          queue: { url: servers.redisUrl, prefix: servers.prefix },
        }),
    inventory: [{ file: 'keys.csv' }],
    policy: 'policy.yaml',
    schedules: [],
    http: { port: 0 },
    ...config,
  };
}

function* rowsOfFleet(keys: number): Iterable<string> {
  for (let index = 0; index < keys; index += 1)
    yield `${sourceId},key_${index},team,production,,\n`;
}

async function writeInventory(file: string, rows: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(chunks(rows)), createWriteStream(file));
}

/** A million small writes would take longer than some benches. */
function* chunks(rows: Iterable<string>): Iterable<string> {
  let chunk = 'source,key_id,owner,environment,approved_scopes,tags\n';
  for (const row of rows) {
    chunk += row;
    if (chunk.length < 1_000_000) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}
