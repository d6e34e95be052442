import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { fleetOf } from './changing-fleet.ts';
import type { Running } from './command.ts';
import { type Journal, openJournal } from './journal.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, freshKey, type World } from './world.ts';

const script = fileURLToPath(new URL('../../build/test/start-with-timings.js', import.meta.url));
const keys = 80;
const kills = 2;
/** So many of PagerDuty's events are on their way at once; it knows a repeat by its `dedup_key`. */
const inFlight = 10;

let world: World;
let journal: Journal;
let latencyMs: number;
afterEach(async () => {
  await world.close();
  await journal.close();
});

async function createNight(): Promise<void> {
  const fleet = fleetOf({ keys, rounds: 1, together: 1 });
  world = await createWorld({ fleet });
  journal = await openJournal(world.folder, { latencyMs: () => latencyMs });
  const rateLimit = { requests: 1_000, per: '1s' };
  const oncall = { id: 'oncall', type: 'pagerduty', routingKey: 'R'.repeat(32), rateLimit };
  const channels = [{ ...oncall, url: `${journal.origin}/oncall` }];
  await world.write({ config: { alerts: { channels, allowPrivateNetworks: true } } });
}

async function start(): Promise<Running> {
  const running = world.launch([], {}, script);
  await running.says('keysweep is ready');
  return running;
}

/** Whoever asks goes once it is closed: it would take the store over from a holder that dies. */
async function sweep(status: 'open' | 'resolved'): Promise<void> {
  // Most of what waits is to wait still when the sweep is closed.
  latencyMs = 4_000;
  const asking = world.launch(['sweep', '--quiet', '--no-worker']);
  const isClosed = async () => {
    const ended = await world.run(['findings', '--status', status, '--format', 'json']);
    return readJsonOutput<{ findings: object[] }>(ended).findings.length === keys;
  };
  await eventually('the sweep is closed', isClosed, { deadlineMs: 30_000 });
  await asking.end('SIGKILL');
  latencyMs = 200;
}

async function killAfter(holder: Running, count: number): Promise<Running> {
  const enough = journal.count() + count;
  const look = () => journal.count() >= enough;
  await eventually('it delivers', look, { deadlineMs: 60_000, everyMs: 2 });
  await holder.end('SIGKILL');
  return start();
}

const isAllDelivered = async () => {
  const ended = await world.run(['alerts', 'list', '--state', 'pending', '--format', 'json']);
  return readJsonOutput<{ alerts: object[] }>(ended).alerts.length === 0;
};

test('the holder of the embedded store, killed while it delivers, loses nothing and keeps the order', async () => {
  await createNight();
  let holder = await start();
  await sweep('open');
  holder = await killAfter(holder, 10);
  // The findings are mended while many of their openings still wait.
  for (const { id } of fleetOf({ keys, rounds: 1, together: 1 })) {
    world.sandbox.fleet.setKey({ ...freshKey, id });
  }
  await sweep('resolved');
  holder = await killAfter(holder, 20);
  await eventually('all is delivered', isAllDelivered, { deadlineMs: 60_000, everyMs: 500 });
  expect((await holder.end('SIGTERM')).code).toBe(0);

  const said = journal.read().map(({ body }) => JSON.parse(body));
  expect(said.length).toBeLessThanOrEqual(2 * keys + kills * inFlight);
  const heard = new Map<string, Set<string>>();
  for (const { dedup_key, event_action } of said) {
    heard.set(dedup_key, (heard.get(dedup_key) ?? new Set()).add(event_action));
  }
  expect(heard.size).toBe(keys);
  for (const actions of heard.values()) expect([...actions]).toEqual(['trigger', 'resolve']);
});
