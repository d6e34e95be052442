// Measures the cost of a night in a new database, and the time to read its report:
// `npm run bench:night -- [keys]`. Finds the server as the tests do; a server started for this
// never syncs to disk. One key in ten breaks a rule, the same ones every night. Prints one line per
// night.
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { parsePolicy } from '../src/evaluate/policy/parse-policy.ts';
import type { TrackedKey } from '../src/keys/tracked-key.ts';
import { closeSweep } from '../src/record/closing/close-sweep.ts';
import { readReport } from '../src/record/reads/read-report.ts';
import { type Database, openPostgresDatabase } from '../src/record/store/database.ts';
import { migrate } from '../src/record/store/migrate.ts';
import { claimBatch } from '../src/record/sweeps/claim-batch.ts';
import { openRequestedSweep } from '../src/record/sweeps/open-sweep.ts';
import { recordBatch } from '../src/record/sweeps/record-batch.ts';
import { writeRequest } from '../src/record/sweeps/requests.ts';
import { readClock } from '../src/timing/database-clock.ts';
import { anAlerting } from '../test/alert/an-alerting.ts';
import { freshDatabase } from '../test/support/postgres.ts';
import { findServer } from '../test/support/servers.ts';

const count = Number(process.argv[2] ?? 20_000);
const text = 'version: bench\nrules:\n  - { id: stale, type: stale, after: 45d, severity: high }\n';
const policy = { text, hash: 'sha256:bench', policy: parsePolicy(text) };
const keys = Array.from({ length: count }, (_, n): TrackedKey => {
  const stated = { owner: `owner-${n % 50}`, environment: 'production', approvedScopes: null };
  return { source: 'prod', keyId: `key_${n}`, ...stated, tags: [] };
});
const inventory = { hash: 'bench', keys, files: [] };
const means = { inventory, policy, store: 'bench', replacesInventory: true };
const createdOn = new Date('2026-01-01T00:00:00Z');

const server = await findServer('postgres', process.env);
if (!('url' in server)) throw new Error(`needs PostgreSQL: ${server.reasons.join('; ')}`);
const fresh = await freshDatabase(server.url);
const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
await migrate(database, false);

let before = 0;
for (let night = 1; night <= 5; night += 1) {
  const times = await sweep(database, new Date(Date.UTC(2026, 10, night)));
  const size = await sizeOf(database);
  const perKey = Math.round((size - before) / count);
  before = size;
  say(`night ${night}: ${perKey} bytes a key; ${times}`);
}
const report = await timed(() => readAll(database));
const mb = Math.round(process.resourceUsage().maxRSS / 1024);
say(`report of ${count} keys: ${report}; ${mb} MB at most in this process`);
await database.close();
await fresh.drop();
await server.stop();

/** Sweeps a night in which every key was used since the night before, and nothing else changed. */
async function sweep(on: Database, lastUsed: Date): Promise<string> {
  const request = { keys: undefined, reason: null, requestedBy: null };
  const id = await writeRequest(on, request, null);
  let opened: Awaited<ReturnType<typeof openRequestedSweep>>;
  const opening = await timed(async () => {
    opened = await openRequestedSweep(on, id, 3_600_000, means);
  });
  const { sweepId = '', batches = [] } = opened ?? {};
  const recording = await timed(async () => {
    for (const { batch } of batches) await recordAll(on, sweepId, batch, lastUsed);
  });
  const closing = await timed(async () => {
    await closeSweep(on, sweepId, anAlerting(['log']));
  });
  return `opened in ${opening}, recorded in ${recording}, closed in ${closing}`;
}

async function recordAll(on: Database, sweepId: string, batch: number, lastUsed: Date) {
  const claimed = await claimBatch(on, sweepId, batch, 60_000);
  if (claimed === undefined) throw new Error(`batch ${batch} was not to be had`);
  const judged = claimed.keys.map((pending) => {
    const breaks = pending.row % 10 === 0;
    const facts = { idleDays: 60, allowedDays: 45 };
    const violations = breaks ? [{ rule: 'stale', facts, waiver: null }] : [];
    const said = { name: pending.key.keyId, type: 'secret', scopes: ['customers:read'] };
    return {
      pending,
      observation: {
        kind: 'present' as const,
        at: readClock(claimed.clock),
        details: { ...said, createdOn, lastFour: '7dc0', lastUsed },
      },
      judgement: {
        verdict: breaks ? ('fail' as const) : ('pass' as const),
        violations,
        unjudged: [],
        known: true,
        waiverChanges: [],
      },
    };
  });
  await recordBatch(on, claimed, {
    judged,
    unanswered: [],
    sourceRefused: false,
    retryInMs: 1_000,
  });
}

/** Bytes of all tables and indexes after a vacuum. */
async function sizeOf(on: Database): Promise<number> {
  await sql`vacuum analyze`.execute(on.db);
  const { rows } = await sql<{ size: string }>`
    select sum(pg_total_relation_size(c.oid))::bigint as size from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'keysweep' and c.relkind = 'r'
  `.execute(on.db);
  return Number(rows[0]?.size ?? 0);
}

async function readAll(on: Database): Promise<void> {
  const report = await readReport(on);
  if (report === undefined) throw new Error('there is no report');
  let rows = 0;
  for (const read of [report.keys, report.violations, report.unknowns]) {
    for await (const _ of read()) rows += 1;
  }
  if (rows < count) throw new Error(`the report has ${rows} rows`);
}

async function timed(work: () => Promise<void>): Promise<string> {
  const start = performance.now();
  await work();
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
