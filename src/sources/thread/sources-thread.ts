import { parentPort, workerData } from 'node:worker_threads';
import { readClock } from '../../timing/database-clock.ts';
import { findTracing } from '../../tracing/find-tracing.ts';
import { askAll } from '../ask-all.ts';
import { createSource } from '../create-source.ts';
import type { KeySource } from '../key-source.ts';
import { createPace } from '../limit/create-pace.ts';
import { createMemoryPermits } from '../limit/memory-permits.ts';
import { permitsThrough } from '../limit/permits-through.ts';
import { describeVendor, type SourceConfig } from '../vendors.ts';
import { codeOf } from './code-of.ts';
import { type GatheredFigures, gatherFigures } from './gather-figures.ts';
import type { FromThread, ObserveOrder, ThreadData, ToThread } from './messages.ts';

/*
 * The entry of the thread that asks the vendors. Asking takes most of a sweep's time; here it has
 * its own processor. The embedded store blocks the process while a statement runs, and cannot delay
 * this thread.
 */
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a thread');
const say = (message: FromThread) => port.postMessage(message);
const through = permitsThrough(say);
// Messages wait until there is a listener.
// An SDK of OpenTelemetry that was loaded before the program is loaded in each of its threads.
const tracing = await findTracing();
const sources = await openSources(workerData as ThreadData);
const calls = new Map<number, AbortController>();
const signEveryMs = 2_000;

port.on('message', (message: ToThread) => {
  if (message.kind === 'observe') void observe(message.call, message.order);
  else if (message.kind === 'abort') calls.get(message.call)?.abort(new Error('aborted'));
  else if (message.kind === 'permits') through.settle(message.call, message.reply);
  else void close();
});

interface OpenedSource {
  readonly config: SourceConfig;
  readonly client: KeySource;
  readonly figures: GatheredFigures;
  /** An answer came, or the rate limit makes a call wait. */
  goesOn(): void;
}

async function openSources({ sources: configs, credentials, proxies, sharesPermits }: ThreadData) {
  const openPermits = sharesPermits ? through.open : createMemoryPermits();
  const open = async (config: SourceConfig): Promise<[string, OpenedSource]> => {
    const createClient = await describeVendor(config.type).load();
    const goesOn = signOfLife(config);
    const { id: source } = config;
    const figures = gatherFigures((some) => say({ kind: 'figures', source, figures: some }));
    const waits = { onWait: goesOn, onWaited: figures.waited };
    const pace = createPace(config, { open: openPermits, ...waits });
    const own = credentials.get(source) ?? {};
    const means = { credentials: own, createClient, pace, proxies, watch: figures };
    const client = createSource({ config, ...means });
    return [source, { config, client, figures, goesOn }];
  };
  return new Map(await Promise.all(configs.map(open)));
}

/** A call may fetch a token first, so two requests can pass in silence. */
function signOfLife({ id, timeoutMs }: SourceConfig): () => void {
  const quietMs = 2 * timeoutMs;
  let said = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - said < signEveryMs) return;
    said = now;
    say({ kind: 'progress', source: id, quietMs });
  };
}

async function observe(call: number, order: ObserveOrder): Promise<void> {
  const stop = new AbortController();
  calls.set(call, stop);
  const { source, sweep, urgent, clock, keyIds } = order;
  const now = () => readClock(clock);
  try {
    const opened = sources.get(source);
    if (opened === undefined) throw new Error('no such source');
    const { client, config, goesOn } = opened;
    goesOn();
    const answers = await tracing.continued(order.trace, () =>
      askAll(
        keyIds,
        (keyId, signal) =>
          // Batches in turns would end together, and leave the source idle while they are recorded.
          client.observe(keyId, { signal, urgent, now, sweep, turn: call }).finally(() => goesOn()),
        stop.signal,
        config.concurrency,
        (error) => say({ kind: 'fault', code: codeOf(error) }),
      ),
    );
    say({ kind: 'observed', call, answers });
  } catch (error) {
    // Sends only the code; the other side makes an error from it.
    say({ kind: 'failed', call, code: codeOf(error) });
  } finally {
    calls.delete(call);
  }
}

async function close(): Promise<void> {
  for (const stop of calls.values()) stop.abort(new Error('aborted'));
  await Promise.all([...sources.values()].map(({ client }) => client.close()));
  for (const { figures } of sources.values()) figures.flush();
  port?.close();
}
