import { Agent } from 'node:http';
import got from 'got';
import { fetchToken } from './fetch-token.ts';

export interface LoopOptions {
  readonly url: string;
  readonly keys: number;
  readonly inFlight: number;
}

/**
 * The bare loop: `inFlight` chains of requests over kept connections. It parses the answers as JSON
 * and keeps nothing: no queue, no database, no rule, no limit. Nobody can audit with it; it shows
 * what the requests alone cost with the same client library. Returns seconds and when they were.
 */
export async function runGotLoop({ url, keys, inFlight }: LoopOptions) {
  const headers = { authorization: `bearer ${await fetchToken(url)}` };
  const agent = { http: new Agent({ keepAlive: true, maxSockets: inFlight }) };
  const client = got.extend({ agent, headers, retry: { limit: 0 }, timeout: { request: 10_000 } });
  const from = Date.now();
  let next = 0;
  const chain = async () => {
    while (next < keys) await client(`${url}/api-keys/key_${next++}`).json();
  };
  await Promise.all(Array.from({ length: inFlight }, chain));
  return { from, to: Date.now() };
}
