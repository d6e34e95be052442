import { randomUUID } from 'node:crypto';
import type { Proxies } from '../proxy/proxies.ts';
import { createSource } from '../sources/create-source.ts';
import type { Answer } from '../sources/key-source.ts';
import { createPace } from '../sources/limit/create-pace.ts';
import type { OpenPermits } from '../sources/limit/permits.ts';
import type { ClientParts, SourceSecrets } from '../sources/vendor.ts';
import { describeVendor, type SourceConfig } from '../sources/vendors.ts';
import type { ClockReading } from './plan/plan-clock.ts';

/** What a source answered for one key, and its clock if an answer had a date. */
export interface OneKey {
  readonly answer: Answer;
  readonly clock: ClockReading | undefined;
}

interface Terms {
  readonly credentials: SourceSecrets;
  readonly openPermits: OpenPermits;
  readonly proxies: Proxies;
  readonly now: () => Date;
  readonly limitMs: number;
}

const secondMs = 1_000;

/** Signs in and asks for one key, under the source's rate limit. It is no audit. */
export async function readOneKey(
  config: SourceConfig,
  keyId: string,
  { credentials, openPermits, proxies, now, limitMs }: Terms,
): Promise<OneKey> {
  let clock: ClockReading | undefined;
  const create = await describeVendor(config.type).load();
  const createClient = (parts: ClientParts) =>
    create({
      ...parts,
      transport: {
        async send(request) {
          const beforeMs = now().getTime();
          const reply = await parts.transport.send(request);
          const otherMs = reply.kind === 'reply' ? Date.parse(reply.date ?? '') : Number.NaN;
          const afterMs = now().getTime();
          if (!Number.isNaN(otherMs)) clock = { otherMs, beforeMs, afterMs, stepMs: secondMs };
          return reply;
        },
      },
    });
  const pace = createPace(config, { open: openPermits });
  const source = createSource({ config, credentials, createClient, pace, proxies });
  try {
    const signal = AbortSignal.timeout(limitMs);
    const answer = await source.observe(keyId, { signal, urgent: true, now, sweep: randomUUID() });
    return { answer, clock };
  } finally {
    await source.close();
  }
}
