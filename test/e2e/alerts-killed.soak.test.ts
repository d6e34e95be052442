import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  type Changes,
  fleetOf,
  holdChannels,
  keyOf,
  makeChanges,
  messagesOf,
  storyOf,
} from './changing-fleet.ts';
import type { Running } from './command.ts';
import { type Entry, type Journal, openJournal } from './journal.ts';
import { queryRecords } from './records.ts';
import { createWorld, hasStack, type Stack, type World, webhookSecret } from './world.ts';

const script = fileURLToPath(new URL('../../build/test/start-with-timings.js', import.meta.url));

/** A thousand changes, a message each. */
const changes: Changes = { keys: 100, rounds: 10, together: 1 };
/** They take seconds each. */
const kills = 50;

/** Receivers without ids: one message at a time, so that one is repeated when its sender dies. */
const withoutIds = ['slack', 'teams', 'mail'] as const;
const channels = ['siem', ...withoutIds] as const;

let world: World;
let journal: Journal;
afterEach(async () => {
  await world.close();
  await journal.close();
});

async function createNight(stack: Stack): Promise<void> {
  world = await createWorld({ stack, fleet: fleetOf(changes) });
  let count = 0;
  journal = await openJournal(world.folder, {
    latencyMs: (channel) => Math.random() * (channel === 'siem' ? 400 : 60),
    // Now and then it takes nothing, so that what was planned later overtakes it if it may.
    takes: (channel) => channel !== 'siem' || count++ % 40 !== 39,
  });
  const rateLimit = { requests: 1_000, per: '1s' };
  const url = (channel: string) => `${journal.origin}/${channel}`;
  const smtp = {
    smtp: `smtp://127.0.0.1:${journal.mailPort}`,
    from: 'k@sweep.test',
    to: ['a@b.test'],
  };
  await world.write({
    config: {
      alerts: {
        channels: [
          { id: 'siem', type: 'webhook', url: url('siem'), secret: webhookSecret },
          { id: 'slack', type: 'slack', url: url('slack'), rateLimit },
          { id: 'teams', type: 'teams', url: url('teams'), rateLimit },
          { id: 'mail', type: 'email', ...smtp, rateLimit },
        ],
        allowPrivateNetworks: true,
      },
    },
  });
}

const start = () => world.launch([], {}, script);

/** All changes are found and their messages wait, then the channels are let go. */
async function fillOutbox(): Promise<void> {
  await holdChannels(world, channels, 3_600);
  const worker = start();
  await worker.says('keysweep is ready');
  await makeChanges(world, changes);
  expect((await worker.end('SIGTERM')).code).toBe(0);
  expect(journal.count()).toBe(0);
  await holdChannels(world, channels, 0);
}

/** Kills the worker each time that it has delivered some more, until it was killed often enough. */
async function killWhileDelivering(): Promise<Running> {
  const total = messagesOf(changes) * channels.length;
  let worker = start();
  for (let killed = 0; killed < kills; killed += 1) {
    const before = journal.count();
    const share = Math.max(1, (total - before) / (kills - killed));
    const enough = before + 1 + Math.floor(Math.random() * share);
    await eventually(`it delivers (${killed} kills)`, () => journal.count() >= enough, {
      deadlineMs: 60_000,
      everyMs: 2,
    });
    await sleep(Math.random() * 40);
    await worker.end('SIGKILL');
    worker = start();
  }
  expect(await countPending()).toBeGreaterThan(0);
  return worker;
}

const countPending = async () => {
  const rows = await queryRecords<{ count: number }>(
    world,
    `select count(*)::integer as count from keysweep.alert where state = 'pending'`,
  );
  return rows[0]?.count ?? -1;
};

/** What still waits, a line a channel: how many, how often tried, when due and leased until. */
async function describePending(): Promise<readonly string[]> {
  const rows = await queryRecords<{ line: string }>(
    world,
    `select concat_ws(' ', channel, count(*), 'tried', max(attempts), 'due', min(next_at), 'to', max(next_at),
       'leased until', max(leased_until), 'now', now()) as line
     from keysweep.alert where state = 'pending' group by channel order by 1`,
  );
  return rows.map(({ line }) => line);
}

const endOf = (log: string) => log.trimEnd().split('\n').slice(-5).join('\n');

interface Body {
  readonly data: Readonly<Record<string, readonly { readonly keyId: string }[]>>;
}

/** What a receiver that heeds `webhook-id` has heard of each key. */
function hear(entries: readonly Entry[]): ReadonlyMap<string, readonly string[]> {
  const heard = new Map<string, string[]>();
  for (const { body } of entries) {
    const { data } = JSON.parse(body) as Body;
    for (const kind of ['opened', 'reopened', 'resolved', 'lapsed', 'reminders']) {
      for (const { keyId } of data[kind] ?? []) {
        heard.set(keyId, [...(heard.get(keyId) ?? []), kind]);
      }
    }
  }
  return heard;
}

function firstOfEach<T>(
  entries: readonly Entry[],
  keyOfEntry: (entry: Entry) => T,
): readonly Entry[] {
  const first = new Map<T, Entry>();
  for (const entry of entries) {
    if (!first.has(keyOfEntry(entry))) first.set(keyOfEntry(entry), entry);
  }
  return [...first.values()];
}

function expectExactlyOnceById(entries: readonly Entry[]): void {
  const bodies = new Map<string | null, Set<string>>();
  for (const { id, body } of entries) bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  // The same id says the same, byte by byte, at every attempt.
  for (const said of bodies.values()) expect(said.size).toBe(1);
  const first = firstOfEach(
    entries.filter(({ taken }) => taken),
    ({ id }) => id,
  );
  expect(first).toHaveLength(messagesOf(changes));
  const heard = hear(first);
  expect(heard.size).toBe(changes.keys);
  for (let at = 0; at < changes.keys; at += 1) {
    expect(heard.get(keyOf(at)), keyOf(at)).toEqual(storyOf(changes));
  }
}

const stacks: readonly Stack[] = ['redis', 'postgres'];

describe.each(stacks)('on the %s stack', (stack) => {
  test.skipIf(!hasStack(stack))(
    `${kills} kills of the delivering worker lose no change, and repeat at most one message each`,
    async () => {
      await createNight(stack);
      await fillOutbox();
      const worker = await killWhileDelivering();
      const left = async () => {
        const pending = await describePending();
        if (pending.length > 0) throw new Error(`${pending.join(', ')}; ${endOf(worker.stdout)}`);
        return true;
      };
      // Half of all messages may be left, which took more than two minutes on a slow machine.
      await eventually('all is delivered', left, { deadlineMs: 600_000, everyMs: 100 });
      expect((await worker.end('SIGTERM')).code).toBe(0);
      const all = journal.read();
      expectExactlyOnceById(all.filter(({ channel }) => channel === 'siem'));
      for (const channel of withoutIds) await expectFewRepeats(channel, all);
      report(stack, all);
    },
  );
});

async function expectFewRepeats(channel: string, all: readonly Entry[]): Promise<void> {
  const entries = all.filter((entry) => entry.channel === channel);
  const rows = await queryRecords<{ id: string; body: string; findings: string[] }>(
    world,
    `select a.id, a.body, array_agg(e.finding_id) as findings
     from keysweep.alert a join keysweep.alert_event e on e.alert_id = a.id
     where a.channel = $1 group by a.id order by a.place`,
    [channel],
  );
  expect(rows).toHaveLength(messagesOf(changes));
  expect(entries.length - rows.length, channel).toBeLessThanOrEqual(kills);
  expect(entries.length, channel).toBeGreaterThanOrEqual(rows.length);
  if (channel !== 'mail') {
    const planned = new Set(rows.map(({ body }) => body));
    expect(new Set(entries.map(({ body }) => body))).toEqual(planned);
  } else {
    const first = firstOfEach(entries, ({ id }) => id);
    expect(first.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
  }
}

function report(stack: Stack, all: readonly Entry[]): void {
  const planned = messagesOf(changes);
  const repeats = channels.map((channel) => {
    const taken = all.filter((entry) => entry.channel === channel && entry.taken).length;
    return `${channel} ${taken - planned}`;
  });
  console.log(`${stack}: ${kills} kills; repeats: ${repeats.join(', ')}`);
}
