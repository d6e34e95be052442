import type { AlertChannel, Delivery, OutgoingAlert } from './channels/channel.ts';
import type { PlannedAlert } from './message.ts';
import { planChannelFailed } from './plan-notices.ts';
import { planRedelivery, type RedeliveryPlan } from './plan-redelivery.ts';

/** An alert of the outbox, as far as its delivery goes. */
export interface DeliverableAlert extends OutgoingAlert {
  readonly channel: string;
  readonly sinceFirstMs: number;
}

/** How an attempt ended, what follows, and what the other channels are told if it was the last. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly plan: RedeliveryPlan | { readonly kind: 'done' };
  readonly onFailure: readonly PlannedAlert[];
}

/**
 * Makes one attempt. A channel that this process does not know may be known to another, or again
 * after a restart: it is tried for a day like one that does not answer.
 */
export async function deliver(
  alert: DeliverableAlert,
  channels: ReadonlyMap<string, AlertChannel>,
  signal: AbortSignal,
  random: number,
): Promise<Attempt> {
  const delivery = (await channels.get(alert.channel)?.deliver(alert, signal)) ?? unknownChannel;
  if (delivery.kind === 'delivered') return { delivery, plan: { kind: 'done' }, onFailure: [] };
  const plan = planNext(alert, delivery, random);
  if (plan.kind === 'retry') return { delivery, plan, onFailure: [] };
  const { id, type, channel, attempt: attempts } = alert;
  const failed = { channel, alert: { id, type }, attempts, detail: delivery.detail };
  return { delivery, plan, onFailure: planChannelFailed(failed, [...channels.keys()]) };
}

const unknownChannel: Delivery = {
  kind: 'passing',
  detail: 'the configuration of this process has no such channel',
};

function planNext(
  { attempt: attempts, sinceFirstMs }: DeliverableAlert,
  delivery: Exclude<Delivery, { kind: 'delivered' }>,
  random: number,
): RedeliveryPlan {
  if (delivery.kind === 'permanent') return { kind: 'give-up' };
  return planRedelivery({ attempts, sinceFirstMs, retryAfterMs: delivery.retryAfterMs, random });
}
