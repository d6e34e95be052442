import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInventory } from '../src/inventory/read-inventory.ts';

/**
 * How long an inventory takes to load and how much memory: in a child process, so that neither the
 * making of the file nor an earlier round counts. Run it with the number of keys, after a build:
 * `node dist/bench/inventory-load.js 100000`, or through any runner of TypeScript.
 */
/** For 100,000 keys in CSV, the format for large inventories. */
const limits = { ms: 2_000, megabytes: 150 };

function csv(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => {
    const keyId = `key_${n.toString(36).padStart(28, 'a')}`;
    return `flexcharge-prod,${keyId},team-${n % 40},production,customers:read|charges:read,pci|eu`;
  });
  return `source,key_id,owner,environment,approved_scopes,tags\n${rows.join('\n')}\n`;
}

function json(count: number): string {
  const keys = Array.from({ length: count }, (_, n) => ({
    source: 'flexcharge-prod',
    keyId: `key_${n.toString(36).padStart(28, 'a')}`,
    owner: `team-${n % 40}`,
    environment: 'production',
    approvedScopes: ['customers:read', 'charges:read'],
    tags: ['pci', 'eu'],
  }));
  return JSON.stringify(keys, null, 1);
}

async function load(file: string): Promise<void> {
  const peak = () => process.resourceUsage().maxRSS / 1024;
  const before = peak();
  const started = performance.now();
  const read = await readInventory([file], { sources: new Set(['flexcharge-prod']), cwd: '/' });
  const ms = performance.now() - started;
  console.log(JSON.stringify({ keys: read.keys.length, ms, megabytes: peak() - before }));
}

function measure(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-bench-'));
  try {
    for (const [name, text] of Object.entries({
      'keys.csv': csv(count),
      'keys.json': json(count),
    })) {
      const file = join(folder, name);
      writeFileSync(file, text);
      measureFile(file, count);
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
  const limited = count <= 100_000 && file.endsWith('.csv');
  const over = limited && (ms > limits.ms || megabytes > limits.megabytes);
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
