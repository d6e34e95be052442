import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { stringify } from 'yaml';
import { readInventory } from '../src/inventory/read-inventory.ts';

/**
 * Measures the time and memory to load an inventory: `npm run bench:inventory -- 100000`. Loads it
 * in a child process, so that neither making the file nor an earlier round counts.
 */
/** For 100,000 keys in CSV or JSON. */
const limits = { ms: 2_000, megabytes: 200 };
/** In YAML, this many keys stay below the limit of 8 MB. */
const mostYamlKeys = 30_000;

function makeKeys(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    source: 'flexcharge-prod',
    keyId: `key_${n.toString(36).padStart(28, '0')}`,
    owner: `team-${n % 40}`,
    environment: 'production',
    approvedScopes: ['customers:read', 'charges:read'],
    tags: ['pci', 'eu'],
  }));
}

type Keys = ReturnType<typeof makeKeys>;

/** The formats of the inventory; YAML with one key per line, and as programs write it. */
const inventories: Readonly<Record<string, (keys: Keys) => string>> = {
  'keys.csv': csv,
  'keys.json': (keys) => JSON.stringify(keys, null, 1),
  'lines.yaml': (keys) => keys.map((key) => `- ${JSON.stringify(key)}\n`).join(''),
  'block.yaml': (keys) => stringify(keys),
};

function csv(keys: Keys): string {
  const rows = keys.map(({ source, keyId, owner, environment, approvedScopes, tags }) =>
    [source, keyId, owner, environment, approvedScopes.join('|'), tags.join('|')].join(','),
  );
  return `source,key_id,owner,environment,approved_scopes,tags\n${rows.join('\n')}\n`;
}

async function load(file: string): Promise<void> {
  // As src/main.ts does.
  setFlagsFromString('--heap-growing-percent=100');
  const peak = () => process.resourceUsage().maxRSS / 1024;
  const before = peak();
  const started = performance.now();
  const read = await readInventory([file], { sources: new Set(['flexcharge-prod']), cwd: '/' });
  const ms = performance.now() - started;
  if (read.mistakes.length > 0) throw new Error(JSON.stringify(read.mistakes[0]));
  console.log(JSON.stringify({ keys: read.keys.length, ms, megabytes: peak() - before }));
}

function measure(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-bench-'));
  try {
    for (const [name, render] of Object.entries(inventories)) {
      const file = join(folder, name);
      const keys = name.endsWith('.yaml') ? Math.min(count, mostYamlKeys) : count;
      writeFileSync(file, render(makeKeys(keys)));
      measureFile(file, keys);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measureFile(file: string, count: number): void {
  const child = [...process.execArgv, fileURLToPath(import.meta.url), '--load', file];
  const { stdout, stderr } = spawnSync(process.execPath, child, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);

  const { keys, ms, megabytes } = JSON.parse(stdout);
  if (keys !== count) throw new Error(`${keys} of ${count} keys were read`);
  const isLimited = !file.endsWith('.yaml') && count <= 100_000;
  const over = isLimited && (ms > limits.ms || megabytes > limits.megabytes);
  const size = `${(statSync(file).size / 1e6).toFixed(1)} MB`;
  const took = `${ms.toFixed(0)} ms, ${megabytes.toFixed(0)} MB more at the peak`;
  console.log(
    `${basename(file)}: ${keys} keys (${size}) in ${took}${over ? '  OVER THE LIMIT' : ''}`,
  );
  if (over) process.exitCode = 1;
}

const [mode, file] = process.argv.slice(2);
if (mode === '--load' && file !== undefined) await load(file);
else measure(Number(mode ?? 100_000));
