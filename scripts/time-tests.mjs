// Runs Vitest with the arguments given, then prints the seconds of each project and of the slowest
// files: imports, hooks and tests together. npm run test:slow
import { parseCLI, startVitest } from 'vitest/node';

const shown = 30;

/** @param {Map<string, number>} rows */
function print(title, rows) {
  const slowest = [...rows].sort(([, a], [, b]) => b - a);
  console.log(`\n${title}`);
  for (const [name, ms] of slowest.slice(0, shown)) {
    console.log(`${(ms / 1_000).toFixed(1).padStart(8)} s  ${name}`);
  }
}

const table = {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const [projects, files] = [new Map(), new Map()];
    for (const module of modules) {
      const { collectDuration, duration, setupDuration } = module.diagnostic();
      const ms = collectDuration + setupDuration + duration;
      const { name } = module.project;
      projects.set(name, (projects.get(name) ?? 0) + ms);
      files.set(module.relativeModuleId, ms);
    }
    print('Seconds a project (its workers together)', projects);
    print(`Seconds a file (the slowest ${shown} of ${files.size})`, files);
  },
};

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const vitest = await startVitest('test', filter, { ...options, reporters: ['default', table] });
await vitest.close();
