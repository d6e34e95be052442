import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBody } from '../../../src/sandbox/bodies.ts';
import { sandboxCredentials } from '../../../src/sandbox/create-sandbox.ts';
import { createFaultBook } from '../../../src/sandbox/fault-book.ts';
import { createFleet } from '../../../src/sandbox/fleet.ts';
import { reply } from '../../../src/sandbox/reply.ts';
import { createRequestCounts } from '../../../src/sandbox/request-counts.ts';
import { sendReply } from '../../../src/sandbox/send-reply.ts';
import { serveRequest, type Vendor } from '../../../src/sandbox/serve-request.ts';
import { createTimers } from '../../../src/sandbox/timers.ts';
import { createTokens } from '../../../src/sandbox/tokens.ts';
import { keysOfFleet } from '../large-fleet.ts';
import { type JournalKeeper, keepJournal } from './keep-journal.ts';
import type { Capacity, VendorMessage, VendorOptions } from './vendor-options.ts';
import { createWaitingRoom } from './waiting-room.ts';

type Halving = Extract<VendorMessage, { kind: 'halve-later' }>;

/** The sandbox's answers behind a line: `capacity` says how many requests it works on at once. */
export async function serveWithCapacity(
  { fleet, tokenLifeMs }: Pick<VendorOptions, 'fleet'> & { readonly tokenLifeMs: number },
  capacity: Capacity,
) {
  const { later } = createTimers();
  const vendor: Vendor = {
    fleet: createFleet(keysOfFleet(fleet), new Date()),
    tokens: createTokens(tokenLifeMs),
    faults: createFaultBook(),
    credentials: sandboxCredentials,
    requests: createRequestCounts(),
    later,
  };
  const journal = keepJournal();
  const line = createLine(capacity, vendor, journal);
  const server = createServer((request, response) => {
    // Tokens are asked for too seldom to wait in line.
    if (request.url?.includes('/api-keys/') === true) line.serve(request, response);
    else void serveRequest(request, response, vendor);
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, journal, halveLater: line.halveLater };
}

function createLine(
  { places, serviceMs, longestLine = Number.POSITIVE_INFINITY, retryAfter }: Capacity,
  vendor: Vendor,
  journal: JournalKeeper,
) {
  const room = createWaitingRoom(places, longestLine);
  let untilHalving = Number.POSITIVE_INFINITY;
  let halfOf = places;
  const answered = (arrived: number, begun: number) => {
    const at = performance.now();
    journal.served({ at, tookMs: at - arrived, workedMs: at - begun });
    untilHalving -= 1;
    if (untilHalving !== 0) return;
    journal.halved();
    room.resize(Math.floor(halfOf / 2));
  };
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const refusal = { ...reply(429, errorBody(429)), headers };
  return {
    serve(request: IncomingMessage, response: ServerResponse) {
      const arrived = performance.now();
      const work = () => {
        const begun = performance.now();
        vendor.later(serviceMs, () => {
          void serveRequest(request, response, vendor);
          answered(arrived, begun);
          room.leave();
        });
      };
      if (room.enter(work)) return;
      request.resume();
      sendReply(response, refusal, vendor.later);
    },
    halveLater({ places: now, afterKeys }: Halving) {
      room.resize(now);
      halfOf = now;
      untilHalving = afterKeys;
    },
  };
}
