import { Agent } from 'node:http';
import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import got from 'got';
import { Pool } from 'pg';
import { fetchToken } from './fetch-token.ts';
import type { LoopOptions } from './run-got-loop.ts';

export interface TextbookOptions extends LoopOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
}

interface Key {
  readonly type: string;
  readonly scopes: readonly string[];
  readonly createdOn: string;
  readonly lastUsed: string | null;
}

const day = 86_400_000;
const chunk = 1_000;

/**
 * The audit as a textbook on queues has it: one BullMQ job a key, which asks, checks the same six
 * rules and inserts one row. It is written well: jobs are added a thousand at once and removed when
 * done, connections are kept, the statement is prepared once. What it lacks next to a sweep: it
 * compares with no earlier night, keeps no findings, and a job that runs twice writes twice.
 */
export async function runTextbook(options: TextbookOptions) {
  const { keys, inFlight, redisUrl } = options;
  const connection: ConnectionOptions = { url: redisUrl };
  const prefix = `${options.prefix}-textbook`;
  const queue = new Queue('keys', { connection, prefix });
  const pool = new Pool({ connectionString: options.databaseUrl, max: inFlight });
  const audit = await createAudit(options, pool);
  const worker = new Worker('keys', (job) => audit(job.data.id), {
    ...{ connection, prefix, concurrency: inFlight },
    removeOnComplete: { count: 0 },
  });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const from = Date.now();
  const all = allDone(worker, keys);
  for (let first = 0; first < keys; first += chunk) {
    const length = Math.min(chunk, keys - first);
    await queue.addBulk(
      Array.from({ length }, (_, n) => ({ name: 'audit', data: { id: `key_${first + n}` } })),
    );
  }
  await all;
  const to = Date.now();
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  await pool.end();
  return { from, to };
}

function allDone(worker: Worker, keys: number): Promise<void> {
  let done = 0;
  return new Promise((resolve, reject) => {
    worker.on('failed', (_job, error) => reject(error));
    worker.on('completed', () => {
      done += 1;
      if (done === keys) resolve();
    });
  });
}

async function createAudit({ url, inFlight }: TextbookOptions, pool: Pool) {
  const headers = { authorization: `bearer ${await fetchToken(url)}` };
  const agent = { http: new Agent({ keepAlive: true, maxSockets: inFlight }) };
  const client = got.extend({ agent, headers, retry: { limit: 0 }, timeout: { request: 10_000 } });
  await pool.query(`create table if not exists textbook (
    key_id text not null, verdict text not null, broken text[] not null, last_used timestamptz,
    observed_at timestamptz not null default now())`);
  const insert = {
    name: 'insert-verdict',
    text: 'insert into textbook (key_id, verdict, broken, last_used) values ($1, $2, $3, $4)',
  };
  return async (id: string) => {
    const key = await client(`${url}/api-keys/${id}`).json<Key>();
    const broken = brokenRules(key, Date.now());
    const verdict = broken.length === 0 ? 'pass' : 'fail';
    await pool.query({ ...insert, values: [id, verdict, broken, key.lastUsed] });
  };
}

/** The six rules of bench/support/six-rules.yaml; every key of the fleet has an owner. */
function brokenRules(key: Key, now: number): readonly string[] {
  const age = now - Date.parse(key.createdOn);
  const idle = key.lastUsed === null ? undefined : now - Date.parse(key.lastUsed);
  const isAllowed = (scope: string) =>
    (scope === 'customers:read' || scope.startsWith('charges:')) && !scope.endsWith(':write');
  const isPublic = key.type === 'public' || key.type === 'tokenization';
  const rules: readonly (readonly [string, boolean])[] = [
    ['stale-45', idle !== undefined && idle >= 45 * day],
    ['never-used', idle === undefined && age >= 14 * day],
    ['too-old', age > 90 * day],
    ['scopes', !key.scopes.every(isAllowed)],
    ['public-read-only', isPublic && key.scopes.length > 0],
    ['owner', false],
  ];
  return rules.filter(([, isBroken]) => isBroken).map(([rule]) => rule);
}
