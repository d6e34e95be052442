import { sandboxCredentials } from '../../src/sandbox/create-sandbox.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { createFlexchargeClient } from '../../src/sources/flexcharge/create-client.ts';

export type Ask = (id: string) => Promise<unknown>;

/** A source without a rate limit, as a function that fails unless the vendor answers. */
export function throughSource(url: string, inFlight: number): Ask & { close(): Promise<void> } {
  const source = createSource({
    config: {
      id: 'bench',
      baseUrl: url,
      // One is kept for urgent calls.
      concurrency: inFlight + 1,
      adaptsConcurrency: false,
      http2: true,
      timeoutMs: 10_000,
    },
    credentials: { ...sandboxCredentials },
    createClient: createFlexchargeClient,
    pace: { take: async () => {}, pause: async () => {} },
  });
  const { signal } = new AbortController();
  const context = { signal, urgent: false, now: () => new Date(), sweep: 'bench' };
  const ask = async (id: string) => {
    const answer = await source.observe(id, context);
    if (answer.kind !== 'observed') throw new Error(answer.detail);
  };
  return Object.assign(ask, { close: () => source.close() });
}

interface Rounds {
  readonly keys: number;
  readonly rounds: number;
  readonly inFlight: number;
}

/** Asks for all keys in each round; gives the processor time of this process and the rate. */
export async function measureAsking(ask: Ask, { keys, rounds, inFlight }: Rounds) {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    let next = 0;
    const chain = async () => {
      while (next < keys) await ask(`key_${next++}`);
    };
    await Promise.all(Array.from({ length: inFlight }, chain));
  }
  const { user, system } = process.cpuUsage(before);
  const requests = rounds * keys;
  const seconds = (performance.now() - startedAt) / 1_000;
  return { cpuUs: (user + system) / requests, perSecond: requests / seconds };
}
