import { type EventEmitter, once } from 'node:events';
import type { WorkWatch } from '../../http/metrics/note-work.ts';
import { type FromWorker, processVariable, type ToWorker } from './messages.ts';

/** How a worker process hears of the process that started it, and tells it what it does. */
export interface ParentLink {
  /** keysweep.yaml as the parent has read it. Rejects if this process is to stop before. */
  readonly configText: Promise<string>;
  /** Hands over what this process does, so that the parent counts it. */
  readonly work: WorkWatch;
  ready(): void;
  /** Ends the link when everything is handed over. */
  close(): Promise<void>;
}

export interface Wishes {
  /** Aborts when the parent asks this process to stop, or has gone. */
  readonly stop: AbortController;
  readonly hangUps: EventEmitter<{ hangup: [] }>;
}

/** Stopping takes nine seconds at most; a process that hangs ends all the same. */
const mostMs = 12_000;

/** The link to the parent, if this process is one of its worker processes. */
export function openParentLink(
  env: Readonly<Record<string, string | undefined>>,
  { stop, hangUps }: Wishes,
): ParentLink | undefined {
  // Without a channel, somebody has only set the variable.
  if (!env[processVariable] || process.send === undefined) return undefined;
  const configText = once(process, 'message', { signal: stop.signal }).then(readBegin);
  configText.catch(() => undefined);
  process.on('message', ({ kind }: ToWorker) => {
    if (kind === 'read-files') hangUps.emit('hangup');
    if (kind === 'stop') stop.abort(new Error('the parent stops'));
  });
  const lose = () => {
    // It was told to stop twice, or was killed as it stopped: nobody waits for this process.
    if (stop.signal.aborted) process.exit(2);
    stop.abort(new Error('the process that started this one has ended'));
    setTimeout(() => process.exit(2), mostMs).unref();
  };
  process.on('disconnect', lose);
  if (!process.connected) lose();
  // The log leads through the parent. Without it, this process still stops in order.
  process.stderr.on('error', () => undefined);
  let said: Promise<unknown> = Promise.resolve();
  const say = (message: FromWorker) => {
    said = new Promise((resolve) => process.send?.(message, resolve));
  };
  return {
    configText,
    work: {
      sourceFigures: (source, figures) => say({ kind: 'figures', source, figures }),
      delivered: (channel, outcome) => say({ kind: 'delivered', channel, outcome }),
    },
    ready: () => say({ kind: 'ready' }),
    async close() {
      process.off('disconnect', lose);
      await said;
      if (process.connected) process.disconnect();
    },
  };
}

function readBegin([message]: readonly ToWorker[]): string {
  if (message?.kind !== 'begin') throw new Error('the parent has not begun with keysweep.yaml');
  return message.text;
}
