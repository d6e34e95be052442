import type { Logger } from 'pino';
import type { AlertChannel, Delivery, OutgoingAlert } from './channels/channel.ts';
import type { PlannedAlert } from './message.ts';
import { planChannelFailed } from './plan-notices.ts';
import { planRedelivery, type RedeliveryPlan } from './plan-redelivery.ts';

/** An alert of the outbox, as far as its delivery goes. */
export interface DeliverableAlert extends OutgoingAlert {
  readonly channel: string;
  /** What its body is written in. */
  readonly format: string;
  readonly sinceFirstMs: number;
  /** Attempts since the first one that counts, this one included. */
  readonly tries: number;
}

/** How an attempt ended, what follows, and what the other channels are told if it was the last. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly plan: RedeliveryPlan | { readonly kind: 'done' };
  readonly onFailure: readonly PlannedAlert[];
}

export interface DeliverTerms {
  /** By id; owners' own addresses and heartbeats among them. */
  readonly channels: ReadonlyMap<string, AlertChannel>;
  /** Those that failures are told to. */
  readonly told: readonly string[];
  readonly signal: AbortSignal;
  /** Hears of failures too: there may be no other channel, or none that works. */
  readonly log: Pick<Logger, 'warn'>;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * Makes one attempt. A channel that this process does not know may be known to another, or again
 * after a restart: it is tried for a day like one that does not answer.
 */
export async function deliver(
  alert: DeliverableAlert,
  { channels, told, signal, log, random }: DeliverTerms,
): Promise<Attempt> {
  const delivery = await attempt(alert, channels.get(alert.channel), signal);
  const plan = planNext(alert, delivery, random);
  const failure = plan.kind === 'retry' ? undefined : failureOf(delivery);
  if (failure === undefined) return { delivery, plan, onFailure: [] };
  const { id, type, channel, attempt: attempts } = alert;
  log.warn(
    { channel, alert: id, type, attempts, detail: failure },
    'a channel did not take an alert',
  );
  const failed = { channel, alert: { id, type }, attempts, detail: failure };
  return { delivery, plan, onFailure: planChannelFailed(failed, told) };
}

async function attempt(
  alert: DeliverableAlert,
  channel: AlertChannel | undefined,
  signal: AbortSignal,
): Promise<Delivery> {
  if (channel === undefined) {
    return { kind: 'passing', detail: 'the configuration of this process has no such channel' };
  }
  if (channel.format !== alert.format) {
    return {
      kind: 'permanent',
      detail: `it was written for ${alert.format}; the channel takes ${channel.format} now`,
    };
  }
  return channel.deliver(alert, signal);
}

function failureOf(delivery: Delivery): string | undefined {
  return delivery.kind === 'delivered' ? delivery.refused : delivery.detail;
}

function planNext(
  { tries: attempts, sinceFirstMs }: DeliverableAlert,
  delivery: Delivery,
  random: number,
): Attempt['plan'] {
  if (delivery.kind === 'delivered') return { kind: 'done' };
  if (delivery.kind === 'permanent') return { kind: 'give-up' };
  return planRedelivery({ attempts, sinceFirstMs, retryAfterMs: delivery.retryAfterMs, random });
}
