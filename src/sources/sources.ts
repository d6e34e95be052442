import type { Logger } from 'pino';
import type { Secrets } from '../config/config.ts';
import type { ClaimedBatch } from '../record/store/claimed-batch.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { SourceNotConfigured } from './errors.ts';
import type { OpenPermits } from './limit/permits.ts';
import type { AskedKey } from './plan-outcome.ts';
import { type OnSourceFigures, type OnThreadTrouble, startThread } from './thread/start-thread.ts';
import type { SourceConfig } from './vendors.ts';

/** Every configured source. */
export interface Sources {
  config(source: string): SourceConfig;
  /** Starts the thread that asks the sources, while a sweep is being opened. */
  prepare(): void;
  /** Asks for all pending keys of a batch at once; the source's own limits apply. */
  observe(batch: ClaimedBatch, urgent: boolean, signal: AbortSignal): Promise<readonly AskedKey[]>;
  close(): Promise<void>;
}

interface SourcesWatch {
  readonly tracing: Pick<Tracing, 'carry'>;
  readonly onFigures: OnSourceFigures | undefined;
}

/** Asks the sources in a separate thread, which starts when the first sweep is opened. */
export function openSources(
  sources: readonly SourceConfig[],
  secrets: Pick<Secrets, 'sources' | 'proxies'>,
  permits: OpenPermits | undefined,
  log: Logger,
  { tracing, onFigures }: SourcesWatch,
): Sources {
  const configs = new Map(sources.map((source) => [source.id, source]));
  const { sources: credentials, proxies } = secrets;
  const trouble: OnThreadTrouble = (what, code) =>
    log.warn({ what, code }, 'the thread that asks the vendors failed');
  const thread = startThread({ sources, credentials, proxies }, permits, trouble, onFigures);
  const find = (id: string) => {
    const found = configs.get(id);
    if (found === undefined) throw new SourceNotConfigured(id);
    return found;
  };
  return {
    config: find,
    prepare: () => thread.prepare(),
    async observe(batch, urgent, signal) {
      const { id: source } = find(batch.source);
      const { sweepId: sweep, clock, keys } = batch;
      const keyIds = keys.map(({ key }) => key.keyId);
      const answers = await thread.observe(
        { source, sweep, urgent, clock, keyIds, trace: tracing.carry() },
        signal,
      );
      return keys.flatMap((pending, index) => {
        const answer = answers[index];
        return answer === undefined ? [] : [{ pending, answer }];
      });
    },
    close: () => thread.close(),
  };
}
