// `npm run bench` lists the benches; `npm run bench -- NAME` runs one. Exits 1 if it misses an aim.
import type { Bench } from './support/define-bench.ts';
import { BenchMisuse } from './support/option.ts';
import { runBench } from './support/run-bench.ts';

/** Each is loaded only when it runs, so that none adds to another's memory. */
const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  engine: () => import('./engine.ts'),
  latency: () => import('./latency.ts'),
  limit: () => import('./limit.ts'),
  pause: () => import('./pause.ts'),
  auto: () => import('./auto.ts'),
  workers: () => import('./workers.ts'),
  're-audit': () => import('./re-audit.ts'),
  start: () => import('./start.ts'),
  night: () => import('./night.ts'),
  policy: () => import('./policy.ts'),
  scale: () => import('./scale.ts'),
  scaling: () => import('./scaling.ts'),
  years: () => import('./years.ts'),
  smoke: () => import('./smoke.ts'),
  alerts: () => import('./alerts.ts'),
  backtest: () => import('./backtest.ts'),
  client: () => import('./client.ts'),
  expression: () => import('./expression.ts'),
  inventory: () => import('./inventory.ts'),
  metrics: () => import('./metrics.ts'),
  pages: () => import('./pages.ts'),
  sandbox: () => import('./sandbox.ts'),
  wire: () => import('./wire.ts'),
};

const [name, ...args] = process.argv.slice(2);
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BenchMisuse)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  if (name === undefined) return list();
  const load = benches[name];
  if (load === undefined)
    throw new BenchMisuse(`there is no bench ${name}; npm run bench lists them`);
  const { bench } = await load();
  return (await runBench(bench, args)) ? 0 : 1;
}

async function list(): Promise<number> {
  process.stdout.write('npm run bench -- NAME [--json] [OPTIONS]\n');
  for (const [listed, load] of Object.entries(benches)) {
    const { about, options } = (await load()).bench;
    process.stdout.write(`\n${listed}: ${about}\n`);
    for (const [option, { about: said, default: usual }] of Object.entries(options))
      process.stdout.write(`  --${option} (${usual})  ${said}\n`);
  }
  return 0;
}
