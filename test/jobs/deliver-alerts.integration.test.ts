import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { JobContext } from '../../jobs/context.ts';
import { deliverAlertsJob } from '../../jobs/deliver-alerts.ts';
import { createSlackChannel } from '../../src/alert/channels/slack/send.ts';
import type { JobRun } from '../../src/queue/define-job.ts';
import { startAlertHolds } from '../../src/record/outbox/hold-alerts.ts';
import { type Database, openPostgresDatabase } from '../../src/record/store/database.ts';
import { untraced } from '../../src/tracing/tracing.ts';
import { anAlerting } from '../alert/an-alerting.ts';
import { openReceiver, type Receiver } from '../alert/channels/receiver.ts';
import { anAlert } from '../record/an-alert.ts';
import { all, one, run } from '../record/world.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/postgres.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** A lease of an alert lasts twice as long. */
const lockMs = 500;
const leaseMs = 2 * lockMs;

interface WorkerOfTest {
  readonly proxy: TcpProxy;
  readonly queued: unknown[];
  /** Ends when the job ends; `stop` is a shutdown, `lose` the loss of the job's lock. */
  deliver(): Promise<void>;
  stop(): void;
  lose(): void;
}

const closing: (() => Promise<unknown> | undefined)[] = [];
let slack: Receiver;
let answer: (response: ServerResponse, count: number) => void;
let direct: Database;
let url: URL;

beforeEach(async (context) => {
  if (inject('databaseUrl') === undefined) return context.skip();
  answer = (response) => response.end('ok');
  slack = await openReceiver((response, count) => answer(response, count));
  closing.push(() => slack.close());
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  closing.push(() => fresh.drop());
  url = new URL(fresh.url);
  direct = open(url);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(at: URL): Database {
  const database = openPostgresDatabase(at.href, { connectionLost: () => undefined });
  closing.push(() => database.close());
  return database;
}

async function aWorker(): Promise<WorkerOfTest> {
  const proxy = await openTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  closing.push(() => proxy.close());
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const database = open(through);
  const log = pino({ level: 'silent' });
  const holds = startAlertHolds(database, lockMs, log);
  closing.push(async () => holds.stop());
  const stopping = new AbortController();
  const lost = new AbortController();
  const queued: unknown[] = [];
  const options = { id: 'slack', url: slack.origin, allowPrivateNetworks: true };
  const context = {
    database,
    holds,
    log,
    alerting: anAlerting(['slack']),
    tracing: untraced,
    channels: new Map([['slack', createSlackChannel({ ...options, now: () => new Date() })]]),
    unrecorded: new Set<string>(),
    paces: new Map([['slack', { inFlight: 1, spacingMs: 0 }]]),
    enqueue: async (_: unknown, ...jobs: unknown[]) => void queued.push(...jobs),
    stopping: stopping.signal,
    signal: AbortSignal.any([stopping.signal, lost.signal]),
  } as unknown as JobContext & JobRun;
  return {
    proxy,
    queued,
    deliver: () => deliverAlertsJob.run({ channel: 'slack' }, context),
    stop: () => stopping.abort(new Error('stopping')),
    lose: () => lost.abort(new Error('lost')),
  };
}

/** A worker whose jobs fail or leave work for later, as the queue runs them again. */
function keepDelivering(worker: WorkerOfTest): () => Promise<void> {
  let going = true;
  const ended = (async () => {
    while (going) {
      await worker.deliver().catch(() => undefined);
      await pause(20);
    }
  })();
  return async () => {
    going = false;
    await ended;
  };
}

const waiting = () =>
  anAlert(direct, { channel: 'slack', format: 'slack', body: `{"text":"${randomUUID()}"}` });
const stateOf = (id: string) =>
  one<{ state: string; attempts: number }>(
    direct,
    `select state, attempts from keysweep.alert where id = '${id}'`,
  );
const isDelivered = (id: string) => async () => (await stateOf(id)).state === 'delivered';
const sent = () => slack.received.length;

describe('an alert to a receiver without ids', () => {
  test('is sent once, however often the connection breaks between its answer and the mark', async () => {
    const worker = await aWorker();
    let breaks = 0;
    answer = (response) => {
      // Only the first answer: the second message may be sent as soon as the first is marked.
      answer = (later) => later.end('ok');
      worker.proxy.refuse();
      response.end('ok');
      const again = setInterval(() => {
        breaks += 1;
        worker.proxy.reset();
        if (breaks === 4) worker.proxy.accept();
        if (breaks === 4) clearInterval(again);
      }, 150);
    };
    const [first, second] = [await waiting(), await waiting()];
    const stop = keepDelivering(worker);
    await eventually('the first is marked', isDelivered(first));
    expect(breaks).toBe(4);
    await eventually('the second follows', isDelivered(second));
    await stop();
    expect(sent()).toBe(2);
    expect(await stateOf(first)).toMatchObject({ attempts: 1 });
  });

  test('is sent once though the answer to the COMMIT of its mark, or of its claim, is lost', async () => {
    const worker = await aWorker();
    worker.proxy.dropAnswerTo('insert into keysweep.delivery', 'commit');
    answer = (response) => {
      worker.proxy.dropAnswerTo('update keysweep.delivery', 'commit');
      response.end('ok');
    };
    const id = await waiting();
    // In one run: the claim that was not answered is repeated before its lease has ended.
    await worker.deliver();
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(sent()).toBe(1);
  });

  test('is not taken over while the database was away for everybody for longer than its lease', async () => {
    const [sender, other] = [await aWorker(), await aWorker()];
    answer = (response) => {
      sender.proxy.refuse();
      other.proxy.refuse();
      response.end('ok');
    };
    const id = await waiting();
    const stopSender = keepDelivering(sender);
    await eventually('it is sent', () => sent() === 1);
    const stopOther = keepDelivering(other);
    await pause(2 * leaseMs);
    // The other is back first, and looks at the alert before its sender can mark it.
    other.proxy.accept();
    await eventually('the other looks', () => other.queued.length > 0);
    expect(await stateOf(id)).toMatchObject({ state: 'pending', attempts: 1 });
    sender.proxy.accept();
    await eventually('its sender marks it', isDelivered(id));
    await Promise.all([stopSender(), stopOther()]);
    expect(sent()).toBe(1);
  });

  test('is sent again once after the death of its sender', { tags: ['all'] }, async () => {
    const [dead, other] = [await aWorker(), await aWorker()];
    answer = (response, count) => {
      if (count === 1) dead.proxy.refuse();
      response.end('ok');
    };
    const id = await waiting();
    const ended = dead.deliver().catch(() => undefined);
    await eventually('it is sent', () => sent() === 1);
    const stop = keepDelivering(other);
    await eventually('the other takes over', isDelivered(id));
    await stop();
    expect(sent()).toBe(2);
    dead.proxy.accept();
    await ended;
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  test('is marked though the queue gave its job to another worker meanwhile', {
    tags: ['all'],
  }, async () => {
    const [sender, other] = [await aWorker(), await aWorker()];
    let end = () => {};
    answer = (response) => {
      end = () => response.end('ok');
    };
    const id = await waiting();
    const ended = sender.deliver().catch(() => undefined);
    await eventually('it is on its way', () => sent() === 1);
    sender.lose();
    const stop = keepDelivering(other);
    await pause(1.5 * leaseMs);
    end();
    await ended;
    await stop();
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(sent()).toBe(1);
  });

  test('is marked by the attempt that reached the receiver, also after another took over', async () => {
    const [late, other] = [await aWorker(), await aWorker()];
    const open: ServerResponse[] = [];
    answer = (response) => {
      if (open.length === 0) late.proxy.refuse();
      open.push(response);
    };
    const id = await waiting();
    const ended = late.deliver();
    await eventually('it is on its way', () => sent() === 1);
    const stop = keepDelivering(other);
    await eventually('the other took over', () => sent() === 2);
    open[0]?.end('ok');
    late.proxy.accept();
    await eventually('the late one marks it', isDelivered(id));
    await ended;
    open[1]?.writeHead(503).end();
    await stop();
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', attempts: 2 });
    const attempts = await all(direct, 'select outcome from keysweep.delivery order by id');
    expect(attempts).toEqual([{ outcome: 'delivered' }, { outcome: 'passing' }]);
  });

  test('is marked at a stop, and the stop is bounded where the database stays away', {
    tags: ['all'],
  }, async () => {
    const worker = await aWorker();
    answer = (response) => {
      worker.proxy.refuse();
      response.end('ok');
    };
    const id = await waiting();
    const ended = worker.deliver();
    await eventually('it is sent', () => sent() === 1);
    const since = performance.now();
    worker.stop();
    await expect(ended).rejects.toThrow();
    expect(performance.now() - since).toBeLessThan(3_500);
    expect(await stateOf(id)).toMatchObject({ state: 'pending', attempts: 1 });

    await run(direct, 'update keysweep.alert set leased_until = null');
    const next = await aWorker();
    answer = (response) => {
      next.proxy.refuse();
      next.stop();
      setTimeout(() => next.proxy.accept(), 500);
      response.end('ok');
    };
    await expect(next.deliver()).rejects.toThrow('stopping');
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });
});
