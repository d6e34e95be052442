import type { Logger } from 'pino';
import type { AlertChannel, Delivery, OutgoingAlert } from './channels/channel.ts';
import type { PlannedAlert } from './message.ts';
import { planChannelFailed } from './plan/plan-notices.ts';
import { planRedelivery, type RedeliveryPlan } from './plan/plan-redelivery.ts';

/** What the delivery of an alert needs to know. */
export interface DeliverableAlert extends OutgoingAlert {
  readonly channel: string;
  /** The name of the format of its body. */
  readonly format: string;
  readonly sinceFirstMs: number;
  /**
   * Attempts since the first one that counts, including this one. One whose sender died says nothing
   * of the receiver, and does not count.
   */
  readonly tries: number;
}

/**
 * The result of an attempt, the next step, and, after the last one, the alerts to other channels.
 */
export interface Attempt {
  readonly delivery: Delivery;
  readonly plan: RedeliveryPlan | { readonly kind: 'done' };
  readonly onFailure: readonly PlannedAlert[];
}

export interface DeliverTerms {
  /** By id, including owners' mail channels and heartbeats. */
  readonly channels: ReadonlyMap<string, AlertChannel>;
  /** The channels that are alerted when another one fails. */
  readonly alerted: readonly string[];
  readonly signal: AbortSignal;
  /** Failures are also logged, because no other channel may work. */
  readonly log: Pick<Logger, 'warn'>;
  /** At least 0 and below 1. */
  readonly random: number;
}

/**
 * Makes one attempt. If this process does not know the channel, another process may, or this one
 * after a restart. The alert is then retried for a day, as if the channel did not answer.
 */
export async function deliver(
  alert: DeliverableAlert,
  { channels, alerted, signal, log, random }: DeliverTerms,
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
  return { delivery, plan, onFailure: planChannelFailed(failed, alerted) };
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
