// `npm run bench` lists the benches; `npm run bench -- NAME` runs one. Exits 1 if it misses an aim.
import type { Bench } from './support/define-bench.ts';
import { BenchMisuse } from './support/option.ts';
import { runBench } from './support/run-bench.ts';

/** Each is loaded only when it runs, so that none adds to another's memory. */
const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  engine: () => import('./sweeps/engine.ts'),
  latency: () => import('./sweeps/latency.ts'),
  limit: () => import('./sweeps/limit.ts'),
  pause: () => import('./sweeps/pause.ts'),
  auto: () => import('./sweeps/auto.ts'),
  workers: () => import('./sweeps/workers.ts'),
  're-audit': () => import('./sweeps/re-audit.ts'),
  start: () => import('./stages/start.ts'),
  night: () => import('./sweeps/night.ts'),
  policy: () => import('./stages/policy.ts'),
  scale: () => import('./sweeps/scale.ts'),
  scaling: () => import('./sweeps/scaling.ts'),
  years: () => import('./sweeps/years.ts'),
  evidence: () => import('./sweeps/evidence.ts'),
  smoke: () => import('./sweeps/smoke.ts'),
  alerts: () => import('./stages/alerts.ts'),
  backtest: () => import('./stages/backtest.ts'),
  client: () => import('./stages/client.ts'),
  expression: () => import('./stages/expression.ts'),
  inventory: () => import('./stages/inventory.ts'),
  metrics: () => import('./stages/metrics.ts'),
  pages: () => import('./stages/pages.ts'),
  sandbox: () => import('./stages/sandbox.ts'),
  wire: () => import('./sweeps/wire.ts'),
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
