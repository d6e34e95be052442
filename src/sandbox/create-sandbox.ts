import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials } from './answer-request.ts';
import type { FaultKind, VendorFault } from './fault.ts';
import { createFaultBook } from './fault-book.ts';
import { createFleet, type Fleet } from './fleet.ts';
import type { FleetKey } from './fleet-key.ts';
import { parseFaults } from './parse-fault.ts';
import { createRequestCounts, type RequestCounts } from './request-counts.ts';
import { serveRequest } from './serve-request.ts';
import { createTimers } from './timers.ts';
import { createTokens } from './tokens.ts';

export interface SandboxOptions {
  readonly fleet: readonly FleetKey[];
  readonly credentials?: Credentials;
  readonly tokenLifeMs?: number;
  /** As on the command line, see README.md. */
  readonly faults?: readonly string[];
  readonly port?: number;
  readonly host?: string;
  /** Relative dates of the fleet are relative to this. */
  readonly now?: Date;
}

export interface Sandbox {
  /** The base URL, ending in `/v1`. */
  readonly url: string;
  readonly fleet: Fleet;
  readonly requests: RequestCounts;
  /** Switches faults on, as on the command line. Throws SandboxMisuse. */
  setFault(spec: string): void;
  /** Switches off the faults of a key id, those of every key (null), or all faults. */
  clearFaults(target?: string | null, kind?: FaultKind): void;
  /** Makes every issued token invalid, as a restart of the vendor can. */
  revokeTokens(): void;
  close(): Promise<void>;
}

/** The credentials of the sample configuration. */
export const sandboxCredentials: Credentials = {
  appKey: 'demo-app-key',
  appSecret: 'demo-app-secret',
};

const tokenLifeMs = 600_000;

/**
 * The vendor's API over real HTTP, on `host` (default: loopback) and `port` (default: a free one).
 * Resolves when it listens; rejects with the system's error if it cannot.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0 } = options;
  const fleet = createFleet(options.fleet, options.now ?? new Date());
  const tokens = createTokens(options.tokenLifeMs ?? tokenLifeMs);
  const faults = createFaultBook();
  for (const fault of initialFaults(options)) faults.add(fault);

  const credentials = options.credentials ?? sandboxCredentials;
  const requests = createRequestCounts();
  const timers = createTimers();
  const vendor = { fleet, tokens, faults, credentials, requests, later: timers.later };
  const server = createServer((request, response) => void serveRequest(request, response, vendor));
  // Longer than clients keep idle connections, like the vendor's server.
  server.keepAliveTimeout = 120_000;
  server.listen(port, host);
  await once(server, 'listening');

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/v1`,
    fleet,
    requests,
    setFault(spec) {
      for (const fault of parseFaults(spec)) faults.add(fault);
    },
    clearFaults(target, kind) {
      if (target === undefined) faults.clearAll();
      else faults.clear(target, kind);
    },
    revokeTokens: () => tokens.revokeAll(),
    async close() {
      timers.clear();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function initialFaults({ fleet, faults = [] }: SandboxOptions): readonly VendorFault[] {
  const ofKeys = fleet.flatMap(({ id, fault }) =>
    fault === undefined ? [] : parseFaults(fault, id),
  );
  return [...ofKeys, ...faults.flatMap((spec) => parseFaults(spec))];
}
