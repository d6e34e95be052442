import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Env, Running } from './command.ts';
import { type Journal, openJournal } from './journal.ts';
import { openProducer } from './producer.ts';
import { makeLogKey, signed } from './proven-nights.ts';
import { createWorld, freshKey, type Stack, staleKey, type World, webhookSecret } from './world.ts';
import { type Query, readWorkState, type WorkState, withRecords } from './world-records.ts';

const script = fileURLToPath(new URL('../../build/test/start-with-timings.js', import.meta.url));

/** Nights whose fleet changes the same way wherever they happen. */
export interface Plan {
  readonly keys: number;
  /** The share of the keys that change from one night to the next. */
  readonly changing: number;
  readonly seed: number;
}

/** A world in which a scheduled sweep and a requested one happen each night. */
export interface Nights {
  readonly world: World;
  readonly journal: Journal;
  /** How many have begun. */
  readonly count: number;
  /** Changes the fleet, and makes both sweeps due for the next process that starts. */
  begin(): void;
  /** On an embedded store, once the process before has ended. */
  start(env?: Env): Promise<Running>;
  state(): Promise<WorkState>;
  /** Whether the sweeps of all nights that have begun are closed. */
  areClosed(): Promise<boolean>;
  /** The same, and their alerts are delivered. */
  isOver(): Promise<boolean>;
  close(): Promise<void>;
}

const schedule = 'nightly';
const sweepsPerNight = 2;
/** The keys that the request of each night names. */
const asked = 3;

const nameKey = (at: number) => `key_${String(at).padStart(5, '0')}`;

/** Opens them before the first night. Close them after the test. */
export async function openNights(stack: Stack, plan: Plan): Promise<Nights> {
  const dueAt = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 600_000);
  const world = await createWorld({ stack, fleet: fleetOf(plan) });
  const journal = await openJournal(world.folder, { latencyMs: () => Math.random() * 20 });
  await makeLogKey(world);
  const cron = `${dueAt.getUTCMinutes()} ${dueAt.getUTCHours()} * * *`;
  await world.write({ config: configure(journal, cron), source: { rateLimit } });
  const stale = new Set<number>();
  const random = randomOf(plan.seed);
  let count = 0;
  let isDue = false;
  const state = () => readWorkState(world);
  const areClosed = ({ closed, open }: WorkState) => closed >= count * sweepsPerNight && open === 0;
  return {
    world,
    journal,
    get count() {
      return count;
    },
    begin() {
      count += 1;
      isDue = true;
      change(world, plan, stale, random);
    },
    async start(env = {}) {
      await withRecords(world, async (query) => {
        if (isDue) await makeDue(query, { night: count, cron, dueAt });
        if (isDue && world.redisUrl === undefined) await writeRequest(query, count);
        await age(query);
      });
      if (isDue && world.redisUrl !== undefined) await queueRequest(world, count);
      isDue = false;
      return world.launch([], env, script);
    },
    state,
    areClosed: async () => areClosed(await state()),
    async isOver() {
      const now = await state();
      return areClosed(now) && now.pendingAlerts === 0;
    },
    async close() {
      await world.close();
      await journal.close();
    },
  };
}

/** A night and all that is lost by a kill take seconds, and minutes on a very busy machine. */
export const nightMs = 180_000;

/** Waits for the end of all nights; what is missing, and the log's end, are in the error. */
export async function waitForEnd(nights: Nights, worker: Running): Promise<void> {
  const look = async () => {
    if (await nights.isOver()) return true;
    const state = JSON.stringify(await nights.state());
    throw new Error(`night ${nights.count}: ${state}; ${worker.stderr.slice(-2_000)}`);
  };
  await eventually('all nights are over', look, { deadlineMs: nightMs, everyMs: 100 });
}

/** Lives through nights undisturbed. */
export async function spendNights(nights: Nights, count: number, env: Env = {}): Promise<void> {
  for (let night = 0; night < count; night += 1) {
    nights.begin();
    await finish(nights, env);
  }
}

/** Lets a process end what is left, and stops it. */
export async function finish(nights: Nights, env: Env = {}): Promise<void> {
  const worker = await nights.start(env);
  await waitForEnd(nights, worker);
  expect((await worker.end('SIGTERM')).code).toBe(0);
}

const rateLimit = { requests: 50_000, per: '1s' };

function fleetOf({ keys }: Plan) {
  return Array.from({ length: keys }, (_, at) => ({ ...freshKey, id: nameKey(at) }));
}

function configure({ origin, mailPort }: Journal, cron: string) {
  const url = (channel: string) => `${origin}/${channel}`;
  const smtp = { smtp: `smtp://127.0.0.1:${mailPort}`, from: 'k@sweep.test', to: ['a@b.test'] };
  const chatRate = { rateLimit: { requests: 1_000, per: '1s' } };
  return {
    ...signed,
    schedules: [{ id: schedule, cron, timezone: 'UTC' }],
    heartbeat: { [schedule]: url('heartbeat') },
    alerts: {
      channels: [
        { id: 'siem', type: 'webhook', url: url('siem'), secret: webhookSecret },
        { id: 'slack', type: 'slack', url: url('slack'), ...chatRate },
        { id: 'teams', type: 'teams', url: url('teams'), ...chatRate },
        { id: 'mail', type: 'email', ...smtp, ...chatRate },
      ],
      allowPrivateNetworks: true,
    },
  };
}

function change({ sandbox }: World, plan: Plan, stale: Set<number>, random: () => number): void {
  for (let at = 0; at < plan.keys; at += 1) {
    if (random() >= plan.changing) continue;
    if (!stale.delete(at)) stale.add(at);
    sandbox.fleet.setKey({ ...(stale.has(at) ? staleKey : freshKey), id: nameKey(at) });
  }
}

interface Due {
  readonly night: number;
  readonly cron: string;
  readonly dueAt: Date;
}

/** Every night has the same tick: the one before it is moved into the past first. */
async function makeDue(query: Query, { night, cron, dueAt }: Due): Promise<void> {
  const before = new Date(dueAt.getTime() - 30_000);
  const earlier = new Date(dueAt.getTime() - night * 86_400_000);
  for (const table of ['tick', 'sweep']) {
    await query(`update keysweep.${table} set due_at = $1 where schedule = $2 and due_at = $3`, [
      earlier,
      schedule,
      dueAt,
    ]);
  }
  await query(
    `insert into keysweep.schedule (id, cron, timezone, decided_until) values ($1, $2, 'UTC', $3)
     on conflict (id) do update set decided_until = excluded.decided_until`,
    [schedule, cron, before],
  );
}

const naming = (night: number) => ({
  keys: Array.from({ length: asked }, (_, at) => ({ source: 'vendor', keyId: nameKey(at) })),
  reason: `night ${night}`,
});

/** As a command leaves it that dies before it queues its request. */
async function writeRequest(query: Query, night: number): Promise<void> {
  const { keys, reason } = naming(night);
  const named = JSON.stringify(keys.map(({ source, keyId }) => [source, keyId]));
  await query(
    `insert into keysweep.request (scope, keys, reason) values ('partial', $1::jsonb, $2)`,
    [named, reason],
  );
}

/** As another program asks. */
async function queueRequest(world: World, night: number): Promise<void> {
  const producer = openProducer(world);
  await producer.queue('keysweep-requests').add('audit-keys', naming(night), { attempts: 20 });
  await producer.close();
}

/** Makes work old enough for the first `reconcile` of a process, which leaves out what is new. */
async function age(query: Query): Promise<void> {
  const old = "now() - interval '20 seconds'";
  await query(`update keysweep.request set asked_at = ${old} where sweep_id is null`);
  await query(
    `update keysweep.sweep set opened_at = ${old} where closed_at is null and opened_at > ${old}`,
  );
  await query(
    `update keysweep.alert set next_at = ${old} where state = 'pending' and next_at <= now()`,
  );
}

/** Mulberry32: the same numbers for the same seed, from 0 to 1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
