import type { AlertTargets } from './alerts-config.ts';
import type { AlertChannel, Delivery } from './channels/channel.ts';
import type { ChannelType } from './channels/index.ts';
import { deliveryHint } from './delivery-hint.ts';
import { heartbeatId } from './destinations.ts';
import { withOwners } from './owner-channels.ts';
import { sendTest } from './send-test.ts';

export interface TriedChannel {
  readonly channel: AlertChannel;
  readonly type: ChannelType;
}

/** What came of a test message. */
export interface ChannelTest {
  readonly channel: string;
  readonly type: ChannelType;
  readonly ms: number;
  /** Why it did not arrive everywhere, and the mend; null if it did. */
  readonly problem: string | null;
}

/** The channel of this id, or the reason why there is none to test. `made`: the channels by id. */
export function findChannel(
  made: ReadonlyMap<string, AlertChannel>,
  { alerts, owners, heartbeats }: Pick<AlertTargets, 'alerts' | 'owners' | 'heartbeats'>,
  id: string,
): TriedChannel | string {
  if ([...heartbeats.keys()].some((schedule) => heartbeatId(schedule) === id)) {
    return `${id} cannot be tested: its monitor would count the call as one of a sweep`;
  }
  const channel = made.get(id);
  const target = withOwners(alerts.channels, owners).find((one) => one.config.id === id);
  if (channel !== undefined && target !== undefined) return { channel, type: target.config.type };
  const known = [...made.values()].filter(({ format }) => format !== 'heartbeat');
  const there = known.length === 0 ? 'are none' : `are: ${known.map((one) => one.id).join(', ')}`;
  return `no channel ${JSON.stringify(id)} in the configuration; there ${there}`;
}

/**
 * Makes one attempt, without the rate limit. Where the signal is a timeout, its end is a problem of
 * the channel; otherwise rejects only with the signal's reason.
 */
export async function tryChannel(
  { channel, type }: TriedChannel,
  at: Date,
  signal: AbortSignal,
): Promise<ChannelTest> {
  const name = `${channel.id} (${type})`;
  const startedAt = performance.now();
  const problem = await sendTest(channel, at, signal).then(
    (delivery) => problemOf(name, delivery, type),
    (error) => {
      if (error?.name !== 'TimeoutError') throw error;
      return `${name} gave no answer in time; the test message may or may not have arrived`;
    },
  );
  const ms = Math.round(performance.now() - startedAt);
  return { channel: channel.id, type, ms, problem };
}

function problemOf(name: string, delivery: Delivery, type: ChannelType): string | null {
  const failure = delivery.kind === 'delivered' ? delivery.refused : delivery.detail;
  if (failure === undefined) return null;
  const hint = deliveryHint(delivery.codes ?? [], type === 'email' ? 'smtp' : 'http');
  const what = delivery.kind === 'delivered' ? 'delivered in part' : 'not delivered';
  return `${what} to ${name}: ${failure}${hint === undefined ? '' : `; ${hint}`}`;
}
