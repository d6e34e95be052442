import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { packageRoot } from '../../src/config/package-root.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLife, type Life } from '../../src/demo/create-life.ts';
import { pastLives } from '../../src/demo/past-lives.ts';
import { collectKeys } from '../../src/inventory/listed-keys.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import { createFleet } from '../../src/sandbox/fleet.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';

export const dayMs = 86_400_000;

/** The configuration that the demo uses. */
export async function sampleConfig(): Promise<Config> {
  const path = join(packageRoot(), 'config', 'keysweep.yaml');
  const read = await readConfig({ path, env: {}, cwd: packageRoot() });
  if (!read.ok) throw new Error('the sample configuration has mistakes');
  return read.config;
}

/** The past of the tracked keys, if the demo starts at `now`; by key id. */
export async function sampleLives(now: Date): Promise<ReadonlyMap<string, Life>> {
  const { inventory } = await sampleConfig();
  const fleet = createFleet(sampleFleet, now);
  const terms = { now, since: new Date(now.getTime() - 61 * dayMs) };
  return new Map(
    (await collectKeys(inventory)).map((key) => {
      const { keyId } = key;
      return [keyId, createLife(key, fleet.get(keyId), pastLives[keyId], terms)];
    }),
  );
}

/** What the vendor says of a key; undefined if it says nothing of it. */
export function detailsAt(life: Life | undefined, at: Date): KeyDetails | undefined {
  const observation = life?.observe(at);
  return observation?.kind === 'present' ? observation.details : undefined;
}
