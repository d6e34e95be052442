import type { Config, Secrets, SourceConfig } from '../config/config.ts';
import { createFlexchargeSource } from '../flexcharge/create-flexcharge-source.ts';
import type { KeySource } from '../flexcharge/key-source.ts';
import type { ClaimedBatch, PendingKey } from '../record/claim-batch.ts';
import { type AskedKey, askAll } from './ask-all.ts';
import { createPace } from './create-pace.ts';
import { SourceNotConfigured } from './errors.ts';
import type { OpenLimiter } from './open-limiter.ts';

/** Every configured source, open. */
export interface Sources {
  config(source: string): SourceConfig;
  /** Asks for all pending keys of a batch at once; the source's own limits hold them back. */
  observe(batch: ClaimedBatch, urgent: boolean, signal: AbortSignal): Promise<readonly AskedKey[]>;
  close(): Promise<void>;
}

export function openSources(config: Config, secrets: Secrets, open: OpenLimiter): Sources {
  const opened = new Map(config.sources.map((source) => [source.id, openOne(source)]));
  function openOne(source: SourceConfig): { config: SourceConfig; client: KeySource } {
    const credentials = secrets.sources.get(source.id) ?? { appKey: '', appSecret: '' };
    const paceMaker = createPace(source, open);
    return {
      config: source,
      client: createFlexchargeSource({ config: source, credentials, paceMaker }),
    };
  }
  const find = (id: string) => {
    const found = opened.get(id);
    if (found === undefined) throw new SourceNotConfigured(id);
    return found;
  };
  return {
    config: (source) => find(source).config,
    async observe(batch, urgent, signal) {
      const { client } = find(batch.source);
      const ask = (pending: PendingKey, askSignal: AbortSignal) =>
        client.observe(pending.key.keyId, {
          signal: askSignal,
          urgent,
          now: batch.now,
          sweep: batch.sweepId,
        });
      return askAll(batch.keys, ask, signal);
    },
    async close() {
      await Promise.all([...opened.values()].map(({ client }) => client.close()));
    },
  };
}
