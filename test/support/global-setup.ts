import type { TestProject } from 'vitest/node';
import { findServer, type NoServer, renderSkipped, type SharedServer } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined: no Redis is to be had, skip what needs it. Use `freshRedisPrefix`. */
    redisUrl: string | undefined;
    /** Undefined: no PostgreSQL is to be had, skip what needs it. Use `freshDatabase`. */
    databaseUrl: string | undefined;
    /** The lines that the run ends with, one text a kind of server that is missing. */
    skipped: string[];
  }
}

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
  const skipped = servers.filter((server) => 'reasons' in server).map(renderSkipped);
  project.provide('redisUrl', urlOf(servers[0]));
  project.provide('databaseUrl', urlOf(servers[1]));
  project.provide('skipped', skipped);

  if (skipped.length > 0 && process.env['KEYSWEEP_REQUIRE_SERVERS'] === '1') {
    await stop();
    throw new Error(`KEYSWEEP_REQUIRE_SERVERS=1 and servers are missing\n${skipped.join('\n')}`);
  }
  return stop;
}

/** Called by each project as the run ends, after the reporter's summary; the first one acts. */
async function stop(): Promise<void> {
  const servers = await shared[slot];
  shared[slot] = undefined;
  for (const server of servers ?? []) {
    if ('url' in server) await server.stop();
    else console.log(`\n${renderSkipped(server)}`);
  }
}
