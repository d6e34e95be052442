import { defineConfig } from 'vitest/config';
import { compileOnce } from './test/support/compile-once.ts';

const integration = 'test/**/*.integration.test.ts';
const e2e = 'test/**/*.e2e.test.ts';
const soak = 'test/**/*.soak.test.ts';

/** Suites with servers: they share one Redis and one PostgreSQL, started or found once a run. */
const withServers = {
  globalSetup: ['test/support/global-setup.ts'],
  setupFiles: ['test/support/leak-check.ts'],
};

/*
 * A project is a kind of suite, known by the end of its files' names. A test tagged `all` or
 * `long` is left out of `npm test`. The projects run one after another: what counts in seconds (end
 * to end) does not compete with the rest for two cores.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // A worker keeps what it has imported and the embedded stores that it has opened.
    isolate: false,
    execArgv: [...compileOnce],
    tags: [
      { name: 'all', description: 'Runs in `.ci/run`, not in `npm test`.' },
      {
        name: 'long',
        description: 'Runs in `npm run test:long` and `npm run test:all` only.',
        // As in the suites from end to end, also where the project has a shorter limit.
        timeout: 300_000,
      },
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [integration, e2e, soak],
          // The slowest take 6 s, and ten times that where the processors have other work to do.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [integration],
          // While one waits for a server or for a pause, the others compute.
          maxWorkers: 3,
          ...withServers,
          // Seconds each, and ten times that where the processors have other work to do.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [e2e],
          // Commands wait for their servers, locks and pauses two thirds of the time.
          maxWorkers: 5,
          ...withServers,
          // As with the suites above: a command takes a second, and ten where the machine is busy.
          testTimeout: 300_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // In no other run than `npm run test:soak`.
        extends: true,
        test: {
          name: 'soak',
          include: [soak],
          ...withServers,
          // Nights with hundreds of kills: twice their idle time, for two files share the machine.
          testTimeout: 2_400_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
