import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts';
import { keysOfFleet } from '../large-fleet.ts';
import type { Journal, VendorMessage, VendorOptions } from './vendor-options.ts';

/** The sandbox as a process, which keeps a journal of arrivals. */
export async function serveVendor({ fleet, latencyMs = 0 }: VendorOptions) {
  const faults = latencyMs > 0 ? [`latency=${latencyMs}ms`] : [];
  // A token that lasts longer than a bench: renewals would fall into some rounds and not others.
  const sandbox = await createSandbox({
    fleet: keysOfFleet(fleet),
    tokenLifeMs: 86_400_000,
    faults,
  });
  const refusal = createRefusal(sandbox);
  const journal = keepJournal(refusal.keyArrived);
  const answers: { [K in VendorMessage['kind']]: (message: never) => unknown } = {
    refuse: refusal.begin,
    'use-keys': ({ oneIn }: { oneIn: number }) => {
      for (let index = 0; index < fleet.keys; index += oneIn) useKey(sandbox, `key_${index}`);
    },
    'take-journal': journal.take,
  };
  process.on('message', (message: VendorMessage) => {
    process.send?.(answers[message.kind](message as never) ?? {});
  });
  return { url: sandbox.url };
}

function useKey({ fleet }: Sandbox, id: string): void {
  const key = fleet.get(id);
  if (key !== undefined) fleet.setKey({ ...key, lastUsed: new Date().toISOString() });
}

/** Node says when a request's headers were read, before any code of the sandbox runs. */
function keepJournal(keyArrived: () => void) {
  let kept = { arrivedMs: [] as number[], refusedMs: [] as number[] };
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    kept.arrivedMs.push(performance.now());
    if (request.url?.includes('/api-keys/') === true) keyArrived();
  });
  subscribe('http.server.response.finish', (message) => {
    const { response } = message as { response: ServerResponse };
    if (response.statusCode === 429) kept.refusedMs.push(performance.now());
  });
  return {
    take: (): Journal => {
      const taken = kept;
      kept = { arrivedMs: [], refusedMs: [] };
      return taken;
    },
  };
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
