import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts';
import { keysOfFleet } from '../large-fleet.ts';
import { keepJournal } from './keep-journal.ts';
import { serveWithCapacity } from './serve-with-capacity.ts';
import type { VendorMessage, VendorOptions } from './vendor-options.ts';

/** Longer than a bench: renewals would fall into some rounds and not others. */
const tokenLifeMs = 86_400_000;

type Answers = { readonly [K in VendorMessage['kind']]?: (message: never) => unknown };

/** The sandbox as a process, which keeps a journal of arrivals. */
export async function serveVendor(options: VendorOptions) {
  const { fleet, capacity } = options;
  if (capacity === undefined) return serveSandbox(options);
  const { url, journal, halveLater } = await serveWithCapacity({ fleet, tokenLifeMs }, capacity);
  answerMessages({ 'halve-later': halveLater, 'take-journal': journal.take });
  return { url };
}

async function serveSandbox({ fleet, latencyMs = 0 }: VendorOptions) {
  const faults = latencyMs > 0 ? [`latency=${latencyMs}ms`] : [];
  const sandbox = await createSandbox({ fleet: keysOfFleet(fleet), tokenLifeMs, faults });
  const refusal = createRefusal(sandbox);
  const journal = keepJournal(refusal.keyArrived);
  answerMessages({
    refuse: refusal.begin,
    'use-keys': ({ oneIn }: { oneIn: number }) => {
      for (let index = 0; index < fleet.keys; index += oneIn) useKey(sandbox, `key_${index}`);
    },
    'take-journal': journal.take,
  });
  return { url: sandbox.url };
}

function answerMessages(answers: Answers): void {
  process.on('message', (message: VendorMessage) => {
    const answer = answers[message.kind];
    if (answer === undefined) throw new Error(`this vendor knows no message ${message.kind}`);
    process.send?.(answer(message as never) ?? {});
  });
}

function useKey({ fleet }: Sandbox, id: string): void {
  const key = fleet.get(id);
  if (key !== undefined) fleet.setKey({ ...key, lastUsed: new Date().toISOString() });
}

function createRefusal(sandbox: Sandbox) {
  let seen = 0;
  let from = Number.POSITIVE_INFINITY;
  let seconds = 0;
  return {
    begin(order: { fromRequest: number; seconds: number }) {
      seen = 0;
      from = order.fromRequest;
      seconds = order.seconds;
    },
    keyArrived() {
      seen += 1;
      if (seen !== from) return;
      sandbox.setFault(`rate-limit=${seconds}s`);
      setTimeout(() => sandbox.clearFaults(null, 'rate-limit'), seconds * 1_000);
    },
  };
}
