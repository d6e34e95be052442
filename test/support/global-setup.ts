import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestCase, TestModule, TestProject } from 'vitest/node';
import { migrateFreshDatabase } from '../record/migrate-fresh-database.ts';
import { canMakeCertificates } from './certificates.ts';
import { canFakeClock } from './fake-clock.ts';
import { findProgram } from './find-program.ts';
import { canBuildGo } from './go.ts';
import { canStartPgbouncer } from './pgbouncer.ts';
import {
  findServer,
  type NoServer,
  renderNoOwnServer,
  renderSkipped,
  type SharedServer,
} from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined: no Redis is available, skip the tests that need it. Use `freshRedisPrefix`. */
    redisUrl: string | undefined;
    /** Undefined: no PostgreSQL is available, skip the tests that need it. Use `freshDatabase`. */
    databaseUrl: string | undefined;
    /** A database on that server with every migration applied: a template for `freshDatabase`. */
    migratedDatabase: string | undefined;
    /** A folder that is removed when the run has ended. */
    runFolder: string;
  }
}

const kinds = ['redis', 'postgres'] as const;

interface Shared {
  readonly redis: SharedServer | NoServer;
  readonly postgres: SharedServer | NoServer;
  readonly migrated: { readonly name: string; drop(): Promise<void> } | undefined;
  readonly folder: string;
}

// Each project loads this file for itself; the servers are one pair for the whole run.
const slot = Symbol.for('keysweep.test-servers');
const whole = globalThis as { [slot]?: Promise<Shared> | undefined };

const bundling = fileURLToPath(new URL('../../scripts/bundle-test-programs.mjs', import.meta.url));

const urlOf = (server: SharedServer | NoServer) => ('url' in server ? server.url : undefined);

/**
 * Finds or starts Redis and PostgreSQL before the first suite that may need them, gives the suites
 * their URLs, bundles the programs that suites start, and prints what was skipped when the run
 * ends. With KEYSWEEP_REQUIRE_SERVERS=1 a missing server fails the run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  whole[slot] ??= open();
  const { redis, postgres, migrated, folder } = await whole[slot];
  const skipped = [
    ...[redis, postgres].flatMap((server) => ('reasons' in server ? renderSkipped(server) : [])),
    ...kinds.flatMap((kind) => renderNoOwnServer(kind) ?? []),
    ...(canStartPgbouncer() ? [] : [noPgbouncer]),
    ...(findProgram('promtool') === undefined ? [noPromtool] : []),
    ...(canMakeCertificates() ? [] : [noOpenssl]),
    ...(canBuildGo() ? [] : [noGo]),
    ...(canFakeClock() ? [] : [noClock]),
  ];
  project.provide('redisUrl', urlOf(redis));
  project.provide('databaseUrl', urlOf(postgres));
  project.provide('migratedDatabase', migrated?.name);
  project.provide('runFolder', folder);

  if (skipped.length > 0 && process.env['KEYSWEEP_REQUIRE_SERVERS'] === '1') {
    await close();
    throw new Error(`KEYSWEEP_REQUIRE_SERVERS=1 and servers are missing\n${skipped.join('\n')}`);
  }
  return async () => {
    // Called by each project as the run ends, after the reporter's summary; the first one acts.
    if (!(await close())) return;
    const { state, config } = project.vitest;
    const isAsked = askedFor(config.tagsFilter?.[0]);
    // Tests that `-t` leaves out count as skipped too.
    const modules = config.testNamePattern ? [] : state.getTestModules();
    const files = modules.flatMap((module) => renderSkippedTests(module, isAsked));
    if (skipped.length > 0) console.log(`\n${[...skipped, ...files].join('\n')}`);
  };
}

async function open(): Promise<Shared> {
  const [redis, postgres, folder] = await Promise.all([
    findServer('redis', process.env),
    findServer('postgres', process.env),
    mkdtemp(join(tmpdir(), 'ks-run-')),
    promisify(execFile)(process.execPath, [bundling]),
  ]);
  const migrated = 'url' in postgres ? await migrateFreshDatabase(postgres.url) : undefined;
  return { redis, postgres, migrated, folder };
}

/** False if everything was closed before. */
async function close(): Promise<boolean> {
  const shared = await whole[slot];
  whole[slot] = undefined;
  if (shared === undefined) return false;
  await shared.migrated?.drop();
  for (const server of [shared.redis, shared.postgres]) if ('url' in server) await server.stop();
  await rm(shared.folder, { recursive: true, force: true });
  return true;
}

const noPgbouncer = [
  'SKIPPED: the suites behind a pooler: no pgbouncer on this machine.',
  '  To run them: install it (Debian: apt-get install pgbouncer).',
].join('\n');

const noPromtool = [
  'SKIPPED: the tests of the rules for Prometheus: no promtool on this machine.',
  '  To run them: install it (Debian: apt-get install prometheus).',
].join('\n');

const noOpenssl = [
  'SKIPPED: the suites with TLS: no openssl on this machine.',
  '  To run them: install it (Debian: apt-get install openssl).',
].join('\n');

const noGo = [
  'SKIPPED: the comparison of notes and tiles with Go’s: no Go, or not its x/mod, on this machine.',
  '  To run it: install them (Debian: apt-get install golang-go golang-golang-x-mod-dev).',
].join('\n');

const noClock = [
  'SKIPPED: the edits of a finished month: no libfaketime on this machine.',
  '  To run them: install it (Debian: apt-get install libfaketime).',
].join('\n');

/** Whether a run with this filter includes a test: the others count as skipped too. */
function askedFor(filter = ''): (test: TestCase) => boolean {
  const terms = filter.split('&&').flatMap((term) => term.trim() || []);
  const holds = (term: string, tags: readonly string[]) =>
    term.startsWith('!') ? !tags.includes(term.slice(1)) : tags.includes(term);
  return ({ tags }) => terms.every((term) => holds(term, tags));
}

/** The line about a file in which requested tests were skipped. */
function renderSkippedTests(
  { children, relativeModuleId }: TestModule,
  isAsked: (test: TestCase) => boolean,
): string[] {
  const count = [...children.allTests('skipped')].filter(isAsked).length;
  return count === 0 ? [] : [`  skipped ${count} of ${relativeModuleId}`];
}
