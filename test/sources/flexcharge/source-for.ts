import { onTestFinished } from 'vitest';
import type { Proxies } from '../../../src/proxy/proxies.ts';
import {
  createSandbox,
  type Sandbox,
  type SandboxOptions,
  sandboxCredentials,
} from '../../../src/sandbox/create-sandbox.ts';
import type { FleetKey } from '../../../src/sandbox/fleet-key.ts';
import { createSource, type SourceOptions } from '../../../src/sources/create-source.ts';
import { createFlexchargeClient } from '../../../src/sources/flexcharge/create-client.ts';
import type { KeySource, ObserveContext, Pace } from '../../../src/sources/key-source.ts';

/** An ordinary key; the test states the difference. */
export function fleetKey(difference: Partial<FleetKey> = {}): FleetKey {
  return {
    id: 'key_abc123',
    name: 'My API Key',
    type: 'secret',
    scopes: ['customers:read', 'charges:read'],
    createdOn: '2024-11-01T10:00:00Z',
    lastUsed: '2024-11-15T12:00:00Z',
    lastFour: '7dc0',
    ...difference,
  };
}

export const observedAt = new Date('2026-11-20T02:30:00Z');

export function context(difference: Partial<ObserveContext> = {}): ObserveContext {
  return {
    signal: new AbortController().signal,
    urgent: false,
    now: () => new Date(),
    sweep: 'sweep-1',
    ...difference,
  };
}

/** A pace that never waits and remembers what it was told. */
export function freePace(): Pace & { taken: number; readonly pauses: number[] } {
  const pauses: number[] = [];
  return {
    taken: 0,
    pauses,
    async take() {
      this.taken += 1;
    },
    async pause(ms) {
      pauses.push(ms);
    },
  };
}

export interface Difference {
  readonly config?: Partial<SourceOptions>;
  readonly credentials?: { readonly appKey: string; readonly appSecret: string };
  readonly paceMaker?: Pace;
  readonly ticks?: () => number;
  readonly proxies?: Proxies;
}

/** A source of the ordinary kind, closed when the test ends. */
export function sourceFor(baseUrl: string, difference: Difference = {}): KeySource {
  const { config, credentials, paceMaker, ticks, proxies } = difference;
  const source = createSource({
    config: {
      id: 'flexcharge-test',
      baseUrl,
      concurrency: 10,
      adaptsConcurrency: false,
      http2: true,
      timeoutMs: 5_000,
      ...config,
    },
    credentials: { ...(credentials ?? sandboxCredentials) },
    createClient: createFlexchargeClient,
    pace: paceMaker ?? freePace(),
    proxies,
    ...(ticks === undefined ? {} : { ticks }),
  });
  onTestFinished(() => source.close());
  return source;
}

/** A sandbox that holds one ordinary key unless told otherwise, closed when the test ends. */
export async function sandboxWith(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await createSandbox({ fleet: [fleetKey()], ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}
