import type { Operations } from '../../operations/index.ts';
import type { RetriedAlerts, RetryRequest } from '../../record/outbox/retry-alert.ts';
import { renderCount } from '../../text/render-count.ts';
import { parseId } from '../parse-option.ts';
import { type AskedStore, chooseStore } from '../server/choose-store.ts';
import type { StoreOptions } from '../server/read-server.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';
import { noteUnknownChannel } from './note-unknown-channel.ts';
import { waitForDelivery } from './wait-for-delivery.ts';

export interface WaitingOptions extends StoreOptions {
  /** False with `--no-worker`: leave the delivery to another process. */
  readonly worker: boolean;
}

export interface AlertsRetryOptions extends WaitingOptions {
  readonly failed: boolean;
  readonly channel?: string;
}

/** `keysweep alerts retry ID…`, or `--failed`. Exits 2 when one fails again. */
export async function runAlertsRetry(
  terminal: Terminal,
  ids: readonly string[],
  options: AlertsRetryOptions,
): Promise<ExitCode> {
  const request = requestOf(ids, options);
  return withStore(terminal, options, async ({ operations, goesOn }) => {
    const retried = await retryAll(operations, request);
    const note = (line: string) => (options.quiet ? undefined : say(terminal, line));
    for (const line of retryNotes(retried)) note(line);
    const queued = retried.queued.map(({ id }) => id);
    return waitForDelivery(terminal, operations, queued, { ...options, goesOn });
  });
}

/** `keysweep alerts release SWEEP`. */
export async function runAlertsRelease(
  terminal: Terminal,
  sweep: string,
  options: WaitingOptions,
): Promise<ExitCode> {
  const id = parseId('sweep', sweep);
  return withStore(terminal, options, async ({ operations, goesOn }) => {
    const released = await operations.release({ id });
    const note = (line: string) => (options.quiet ? undefined : say(terminal, line));
    note(`released; ${renderCount(released.length, 'alert')} to deliver`);
    const ids = released.map(({ id }) => id);
    return waitForDelivery(terminal, operations, ids, { ...options, goesOn });
  });
}

function requestOf(
  ids: readonly string[],
  { failed, channel }: Pick<AlertsRetryOptions, 'failed' | 'channel'>,
): RetryRequest {
  if (failed && ids.length > 0) throw new CommandFailed('give ids or --failed, not both');
  if (failed) return { kind: 'failed', channel };
  if (channel !== undefined) throw new CommandFailed('--channel goes with --failed');
  if (ids.length > 0) return { kind: 'these', ids: ids.map((id) => parseId('alert', id)) };
  throw new CommandFailed('name the alerts: give ids from keysweep alerts list, or --failed');
}

const mostShown = 20;

/** `--failed` queues the alerts in several parts. */
async function retryAll(
  operations: Operations,
  request: RetryRequest,
): Promise<Omit<RetriedAlerts, 'next'>> {
  const queued = [];
  const skipped = [];
  let asked = request;
  for (;;) {
    const retried = await retryPart(operations, asked);
    queued.push(...retried.queued);
    skipped.push(...retried.skipped);
    if (asked.kind !== 'failed' || retried.next === null) return { queued, skipped };
    asked = { ...asked, after: retried.next };
  }
}

function retryPart(operations: Operations, request: RetryRequest): Promise<RetriedAlerts> {
  const [id, ...others] = request.kind === 'these' ? request.ids : [];
  return id === undefined || others.length > 0
    ? operations.retryAlerts(request)
    : operations.retryAlert({ id });
}

function retryNotes({ queued, skipped }: Omit<RetriedAlerts, 'next'>): readonly string[] {
  const left = skipped.map(({ id, channel, why }) => `not sent again: ${id} to ${channel}: ${why}`);
  const unsaid = left.length - mostShown;
  return [
    queued.length === 0
      ? 'no alert to send again'
      : `queued ${renderCount(queued.length, 'alert')}`,
    ...left.slice(0, mostShown),
    ...(unsaid > 0 ? [`not sent again: ${unsaid} more`] : []),
  ];
}

async function withStore(
  terminal: Terminal,
  options: WaitingOptions & { readonly channel?: string },
  work: (opened: AskedStore) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { loaded, open } = await chooseStore(terminal, options);
  noteUnknownChannel(terminal, loaded?.config, options);
  const { worker } = options;
  const opened = await open(new Set(worker ? ['worker'] : []), { elsewhere: !worker });
  try {
    return await work(opened);
  } finally {
    await opened.detach();
  }
}
