import { join } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '../../../src/config/config.ts';
import { packageRoot } from '../../../src/config/package-root.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { evaluate } from '../../../src/evaluate/evaluate.ts';
import { compilePolicy } from '../../../src/evaluate/policy/compile-policy.ts';
import type { KeyDetails } from '../../../src/keys/detail-fields.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import type { TrackedKey } from '../../../src/keys/tracked-key.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { recordBatch } from '../../../src/record/sweeps/record-batch.ts';
import { claim, close, inputs, open } from '../../record/world.ts';

const dayMs = 86_400_000;

/** The configuration that comes with the program, with its inventory and policy. */
export async function shippedConfig(): Promise<Config> {
  const path = join(packageRoot(), 'config', 'keysweep.yaml');
  const read = await readConfig({ path, env: {}, cwd: packageRoot() });
  if (!read.ok) throw new Error('the shipped configuration has mistakes');
  return read.config;
}

/** Nights before `until`, a day apart. Some are missed, and in some a key does not answer. */
export interface PastOptions {
  readonly config: Config;
  readonly until: Date;
  readonly nights: number;
  readonly missed?: readonly number[];
  readonly incomplete?: readonly number[];
}

/** Sweeps the fleet night after night, as a worker does it. Returns the ids, oldest first. */
export async function writePast(database: Database, options: PastOptions): Promise<string[]> {
  const ids: string[] = [];
  for (let night = options.nights - 1; night >= 0; night -= 1) {
    const at = new Date(options.until.getTime() - night * dayMs);
    if (options.missed?.includes(night) === true) await writeMissed(database, at);
    else ids.push(await writeNight(database, options, night, at));
  }
  return ids;
}

async function writeMissed({ db }: Database, at: Date): Promise<void> {
  await sql`
    insert into keysweep.tick (schedule, due_at, outcome, trigger)
    values ('nightly', ${at}, 'missed', 'schedule')
  `.execute(db);
}

async function writeNight(
  database: Database,
  { config, incomplete = [] }: PastOptions,
  night: number,
  at: Date,
): Promise<string> {
  const using = { ...inputs(config.inventory), policy: config.policy };
  const { sweepId, batches } = await open(database, using);
  await sql`
    update keysweep.sweep set opened_at = ${at}, due_at = ${at}, schedule = 'nightly',
      trigger = 'schedule' where uuid = ${sweepId}
  `.execute(database.db);
  for (const { batch } of batches) {
    const claimed = await claim(database, { sweepId }, batch);
    const policy = compilePolicy(claimed.policy);
    const judged = claimed.keys.map((pending, n) => {
      const { key, history } = pending;
      const silent = incomplete.includes(night) && n % 9 === 4;
      const observation = observe(key, n, night, at, silent);
      const input = { observation, key, policy, asOf: claimed.asOf, usageLagMs: 0, history };
      return { pending, observation, judgement: evaluate(input) };
    });
    const answers = { judged, unanswered: [], sourceRefused: false, retryInMs: 1_000 };
    await recordBatch(database, claimed, answers);
  }
  await close(database, sweepId);
  await moveBack(database, sweepId, at);
  return sweepId;
}

/** The clock of the database cannot be set. */
async function moveBack({ db }: Database, sweepId: string, at: Date): Promise<void> {
  await sql`
    with moved as (
      update keysweep.sweep set closed_at = ${new Date(at.getTime() + 70_000)}
      where uuid = ${sweepId} returning id
    )
    update keysweep.finding_event set at = ${at} where sweep_id in (select id from moved)
  `.execute(db);
  await sql`update keysweep.tracked_key set tracked_at = least(tracked_at, ${at})`.execute(db);
}

const names = ['Checkout', 'Orders', 'Ledger', 'Loyalty', 'Receipts', 'Exports', 'Risk', 'Search'];
const parts = ['API', 'worker', 'sync', 'job', 'console', 'mobile app', 'webhook', 'importer'];

/** Key `n` a number of nights ago. Some grow stale, some drift, one wakes, one is gone. */
function observe(
  key: TrackedKey,
  n: number,
  night: number,
  at: Date,
  silent: boolean,
): Observation {
  if (silent) return { kind: 'unknown', at, reason: 'timeout', detail: 'no answer in 10 s' };
  if (n % 29 === 7 && night < 12) return { kind: 'missing', at };
  const ago = (days: number) => new Date(at.getTime() - days * dayMs);
  // Some are older than a policy allows, or were made while the nights went by.
  const start = at.getTime() + night * dayMs - 62 * dayMs;
  const details: KeyDetails = {
    name: `${names[n % names.length]} ${parts[Math.floor(n / names.length) % parts.length]}`,
    type: n % 11 === 3 ? 'public' : 'secret',
    scopes: scopesOf(n, night, key.approvedScopes),
    createdOn: new Date(start - ((n * 7) % 40) * dayMs),
    lastUsed: n % 13 === 2 ? null : ago(idleDays(n, night)),
    lastFour: (0x1000 + n * 371).toString(16).slice(-4),
  };
  return { kind: 'present', at, details };
}

function scopesOf(n: number, night: number, approved: readonly string[] | null): string[] {
  if (n % 11 === 3) return [];
  const drifted = n % 10 === 6 && night < 20 && night > 3;
  return [...(approved ?? ['charges:read']), ...(drifted || n === 22 ? ['charges:write'] : [])];
}

/** Stale keys were used last long ago; one of them wakes 5 nights ago. */
function idleDays(n: number, night: number): number {
  const sleeps = n % 9 === 1;
  if (!sleeps) return (n % 5) / 3;
  return n % 2 === 0 && night < 5 ? 0.5 : Math.max(1, 70 - night);
}
