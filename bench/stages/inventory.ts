// The time and memory to load an inventory, in each of its formats. Each is loaded in a process of
// its own, so that neither making the file nor an earlier one counts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { atMost } from '../support/aim.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import type { LoadedInventory } from '../support/load-inventory.ts';
import { count } from '../support/option.ts';
import { runPart } from '../support/processes/fork-part.ts';

const source = 'flexcharge-prod';
/** In YAML, this many keys stay below the limit of 8 MB. */
const mostYamlKeys = 30_000;

export const bench = defineBench({
  name: 'inventory',
  about: 'time and memory to load an inventory, in each of its formats',
  options: { keys: count(100_000, `keys; in YAML at most ${mostYamlKeys}`) },
  aims: ({ keys }) => {
    if (keys > 100_000) return {};
    const times = ['keys.csv, time', 'keys.json, time'].map((name) => [name, atMost(2_000)]);
    const sizes = ['keys.csv, memory', 'keys.json, memory'].map((name) => [name, atMost(200)]);
    return Object.fromEntries([...times, ...sizes]);
  },
  async run({ keys }) {
    const folder = await mkdtemp(join(tmpdir(), 'keysweep-bench-'));
    try {
      const found: Found[] = [];
      for (const [name, render] of Object.entries(inventories)) {
        const wanted = name.endsWith('.yaml') ? Math.min(keys, mostYamlKeys) : keys;
        const text = render(makeKeys(wanted));
        await writeFile(join(folder, name), text);
        found.push(...(await measure(join(folder, name), name, wanted, text.length)));
      }
      return found;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});

async function measure(
  file: string,
  name: string,
  wanted: number,
  bytes: number,
): Promise<readonly Found[]> {
  const loaded = await runPart<LoadedInventory>('load-inventory', { file, source });
  if (loaded.keys !== wanted) throw new Error(`${loaded.keys} of ${wanted} keys were read`);
  const beside = `${wanted} keys, ${(bytes / 1e6).toFixed(1)} MB`;
  return [
    { name: `${name}, time`, unit: 'ms', value: loaded.ms, beside },
    { name: `${name}, memory`, unit: 'MB more', value: loaded.megabytes },
  ];
}

function makeKeys(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    ...{ source, keyId: `key_${n.toString(36).padStart(28, '0')}`, owner: `team-${n % 40}` },
    environment: 'production',
    approvedScopes: ['customers:read', 'charges:read'],
    tags: ['pci', 'eu'],
  }));
}

type Keys = ReturnType<typeof makeKeys>;

/** The formats of the inventory; YAML with one key per line, and as programs write it. */
const inventories: Readonly<Record<string, (keys: Keys) => string>> = {
  'keys.csv': renderCsv,
  'keys.json': (keys) => JSON.stringify(keys, null, 1),
  'lines.yaml': (keys) => keys.map((key) => `- ${JSON.stringify(key)}\n`).join(''),
  'block.yaml': (keys) => stringify(keys),
};

function renderCsv(keys: Keys): string {
  const rows = keys.map(({ keyId, owner, environment, approvedScopes, tags }) =>
    [source, keyId, owner, environment, approvedScopes.join('|'), tags.join('|')].join(','),
  );
  return `source,key_id,owner,environment,approved_scopes,tags\n${rows.join('\n')}\n`;
}
