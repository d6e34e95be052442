// Compares a sweep of 20,000 keys on Redis and PostgreSQL with a bare got loop over the same keys
// with the same concurrency, in one run: `npm run bench`. The sandbox, the loop and the sweep are
// separate processes; the policy is bench/policy.yaml. Prints the ratio and the sweep's peak
// memory; exits 1 if an aim is missed.
import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import got from 'got';
import { createSandbox, sandboxCredentials } from '../src/sandbox/create-sandbox.ts';
import { findServer } from '../test/support/servers.ts';
import { largeFleet } from './large-fleet.ts';

const keys = 20_000;
const inFlight = 20;
const rounds = 3;
const aims = { ratio: 0.8, megabytes: 300 };
/** A vendor without latency, so that processor time decides, and one with a usual latency. */
const latenciesMs = [0, 20];
const self = new URL(import.meta.url);
const program = join(process.cwd(), 'dist', 'src', 'main.js');

const roles: Readonly<Record<string, () => Promise<void>>> = { sandbox, loop };
await (roles[process.argv[2] ?? ''] ?? bench)();

async function sandbox(): Promise<void> {
  const latencyMs = Number(process.argv[3]);
  const faults = latencyMs > 0 ? [`latency=${latencyMs}ms`] : [];
  const opened = await createSandbox({ fleet: largeFleet(keys), tokenLifeMs: 3_600_000, faults });
  process.send?.({ url: opened.url });
}

/** The bare loop: `inFlight` chains of requests; parses the answers as JSON and keeps nothing. */
async function loop(): Promise<void> {
  const url = process.argv[3] ?? '';
  const json = { AppKey: sandboxCredentials.appKey, AppSecret: sandboxCredentials.appSecret };
  const issued = got.post(`${url}/oauth2/token`, { json });
  const { accessToken } = await issued.json<{ accessToken: string }>();
  const agent = { http: new Agent({ keepAlive: true, maxSockets: inFlight }) };
  const headers = { authorization: `bearer ${accessToken}` };
  const client = got.extend({ agent, headers, retry: { limit: 0 }, timeout: { request: 10_000 } });
  const startedAt = performance.now();
  let next = 0;
  const chain = async () => {
    while (next < keys) await client(`${url}/api-keys/key_${next++}`).json();
  };
  await Promise.all(Array.from({ length: inFlight }, chain));
  process.send?.({ seconds: (performance.now() - startedAt) / 1_000 });
  process.exit(0);
}

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-bench-'));
  const [redis, postgres] = await Promise.all([
    findServer('redis', process.env),
    findServer('postgres', process.env),
  ]);
  if (!('url' in redis && 'url' in postgres)) throw new Error('needs Redis and PostgreSQL');
  const env = { ...process.env, REDIS_URL: redis.url, DATABASE_URL: postgres.url };
  try {
    for (const latencyMs of latenciesMs) await benchAt(latencyMs, folder, env);
  } finally {
    await Promise.all([redis.stop(), postgres.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchAt(latencyMs: number, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const vendor = fork(self, ['sandbox', String(latencyMs)]);
  try {
    const { url } = await message<{ url: string }>(vendor);
    await writeWorld(folder, url);
    const config = ['--config', join(folder, 'keysweep.yaml')];
    await promisify(execFile)(process.execPath, [program, 'migrate', ...config], { env });
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const { seconds: bare } = await message<{ seconds: number }>(fork(self, ['loop', url]));
      const swept = await sweep(folder, env);
      measured.push({ latencyMs, bare, ...swept, ratio: bare / swept.sweep });
      console.log(JSON.stringify(measured.at(-1)));
    }
    judge(latencyMs, measured);
  } finally {
    vendor.kill();
  }
}

async function writeWorld(folder: string, url: string): Promise<void> {
  const rows = largeFleet(keys).map(({ id }) => `vendor,${id},team,production,,`);
  await writeFile(
    join(folder, 'keys.csv'),
    `source,key_id,owner,environment,approved_scopes,tags\n${rows.join('\n')}\n`,
  );
  await writeFile(join(folder, 'policy.yaml'), await readFile('bench/policy.yaml', 'utf8'));
  await writeFile(
    join(folder, 'keysweep.yaml'),
    `sources:
  - { id: vendor, type: flexcharge, baseUrl: "${url}", appKey: ${sandboxCredentials.appKey}, appSecret: ${sandboxCredentials.appSecret}, concurrency: ${inFlight}, rateLimit: { requests: 100000, per: 1s } }
inventory: [ { file: keys.csv } ]
policy: policy.yaml
schedules: []
`,
  );
}

/** Seconds from the sweep's opening to its close, and the peak memory of its process. */
async function sweep(folder: string, env: NodeJS.ProcessEnv) {
  const report = join(folder, 'report.json');
  const args = ['sweep', '--format', 'json', '--quiet', '--output', report];
  const child = spawn(
    process.execPath,
    [program, ...args, '--config', join(folder, 'keysweep.yaml')],
    {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  let megabytes = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
  }, 100);
  const startedAt = performance.now();
  await once(child, 'exit');
  clearInterval(watch);
  const command = (performance.now() - startedAt) / 1_000;
  const { sweep: swept, coverage } = JSON.parse(await readFile(report, 'utf8'));
  if (coverage.audited !== keys) throw new Error(`only ${coverage.audited} keys were audited`);
  const seconds = (Date.parse(swept.closedAt) - Date.parse(swept.openedAt)) / 1_000;
  return { sweep: seconds, command, megabytes: Math.round(megabytes) };
}

function judge(latencyMs: number, measured: readonly { ratio: number; megabytes: number }[]): void {
  const ratios = measured.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const ratio = ratios[Math.floor(ratios.length / 2)] ?? 0;
  const megabytes = Math.max(...measured.map((one) => one.megabytes));
  console.log(
    JSON.stringify({
      keys,
      inFlight,
      latencyMs,
      medianRatio: Number(ratio.toFixed(2)),
      megabytes,
      aims,
    }),
  );
  if (ratio < aims.ratio || megabytes > aims.megabytes) process.exitCode = 1;
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [first] = (await once(child, 'message')) as [T];
  return first;
}
