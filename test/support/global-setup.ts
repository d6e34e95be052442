import type { TestModule, TestProject } from 'vitest/node';
import {
  findServer,
  type NoServer,
  renderNoOwnServer,
  renderSkipped,
  type SharedServer,
} from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined: no Redis is to be had, skip what needs it. Use `freshRedisPrefix`. */
    redisUrl: string | undefined;
    /** Undefined: no PostgreSQL is to be had, skip what needs it. Use `freshDatabase`. */
    databaseUrl: string | undefined;
  }
}

const kinds = ['redis', 'postgres'] as const;

type Found = readonly [redis: SharedServer | NoServer, postgres: SharedServer | NoServer];

// Each project loads this file for itself; the servers are one pair for the whole run.
const slot = Symbol.for('keysweep.test-servers');
const shared = globalThis as { [slot]?: Promise<Found> | undefined };

const urlOf = (server: SharedServer | NoServer) => ('url' in server ? server.url : undefined);

/**
 * Finds or starts Redis and PostgreSQL before the first suite that may need them, tells the suites
 * where they are, and ends the run with what was skipped. With KEYSWEEP_REQUIRE_SERVERS=1 a
 * missing server fails the run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared[slot] ??= Promise.all([
    findServer('redis', process.env),
    findServer('postgres', process.env),
  ]);
  const servers = await shared[slot];
  const skipped = [
    ...servers.flatMap((server) => ('reasons' in server ? renderSkipped(server) : [])),
    ...kinds.flatMap((kind) => renderNoOwnServer(kind) ?? []),
  ];
  project.provide('redisUrl', urlOf(servers[0]));
  project.provide('databaseUrl', urlOf(servers[1]));

  if (skipped.length > 0 && process.env['KEYSWEEP_REQUIRE_SERVERS'] === '1') {
    await stopServers();
    throw new Error(`KEYSWEEP_REQUIRE_SERVERS=1 and servers are missing\n${skipped.join('\n')}`);
  }
  return async () => {
    // Called by each project as the run ends, after the reporter's summary; the first one acts.
    if (!(await stopServers())) return;
    const { state, config } = project.vitest;
    // What `-t` leaves out counts as skipped too.
    const files = config.testNamePattern ? [] : state.getTestModules().flatMap(renderSkippedTests);
    if (skipped.length > 0) console.log(`\n${[...skipped, ...files].join('\n')}`);
  };
}

/** False when they were stopped before. */
async function stopServers(): Promise<boolean> {
  const servers = await shared[slot];
  shared[slot] = undefined;
  for (const server of servers ?? []) if ('url' in server) await server.stop();
  return servers !== undefined;
}

/** The line of a file in which tests were skipped. */
function renderSkippedTests({ children, relativeModuleId }: TestModule): string[] {
  const count = [...children.allTests('skipped')].length;
  return count === 0 ? [] : [`  skipped ${count} of ${relativeModuleId}`];
}
