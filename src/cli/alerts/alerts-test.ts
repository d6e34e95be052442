import type { AlertChannel, Delivery } from '../../alert/channels/channel.ts';
import { type ChannelType, describeChannel } from '../../alert/channels/index.ts';
import { createChannels } from '../../alert/create-channels.ts';
import { deliveryHint } from '../../alert/delivery-hint.ts';
import { heartbeatId } from '../../alert/destinations.ts';
import { withOwners } from '../../alert/owner-channels.ts';
import { sendTest } from '../../alert/send-test.ts';
import { createLog } from '../../app/create-log.ts';
import type { Config } from '../../config/config.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { writeText } from '../output/write-output.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface AlertsTestOptions {
  readonly config?: string;
  readonly quiet: boolean;
}

/**
 * `keysweep alerts test CHANNEL`: makes one attempt in this process, without the store and without
 * the rate limit. Exits 2 unless the message arrives everywhere.
 */
export async function runAlertsTest(
  terminal: Terminal,
  id: string,
  options: AlertsTestOptions,
): Promise<ExitCode> {
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { channel, type } = findChannel(loaded, id);
  const { testNote } = describeChannel(type);
  if (testNote !== undefined && !options.quiet) say(terminal, testNote);
  const startedAt = performance.now();
  const delivery = await attempt(channel, terminal.signal);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const failure = failureOf(delivery);
  const name = `${id} (${type})`;
  if (failure !== undefined) throw new CommandFailed(failureWords(name, delivery, failure, type));
  await writeText(terminal, `delivered to ${name} in ${seconds} s\n`);
  return 0;
}

async function attempt(channel: AlertChannel, signal: AbortSignal): Promise<Delivery> {
  try {
    return await sendTest(channel, new Date(), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CommandFailed('stopped; the test message may or may not have arrived');
  }
}

function failureOf(delivery: Delivery): string | undefined {
  return delivery.kind === 'delivered' ? delivery.refused : delivery.detail;
}

function failureWords(
  name: string,
  { kind, codes = [] }: Delivery,
  failure: string,
  type: ChannelType,
): string {
  const hint = deliveryHint(codes, type === 'email' ? 'smtp' : 'http');
  const what = kind === 'delivered' ? 'delivered in part' : 'not delivered';
  return `${what} to ${name}: ${failure}${hint === undefined ? '' : `; ${hint}`}`;
}

interface Found {
  readonly channel: AlertChannel;
  readonly type: ChannelType;
}

function findChannel({ config, secrets }: LoadedConfig, id: string): Found {
  refuseHeartbeats(config, id);
  const { channels, allowPrivateNetworks } = config.alerts;
  const made = createChannels({
    channels,
    owners: config.owners,
    heartbeats: config.heartbeats,
    secrets,
    allowPrivateNetworks,
    proxies: secrets.proxies,
    log: createLog(config.logLevel, secrets),
    now: () => new Date(),
  });
  const channel = made.get(id);
  const target = withOwners(channels, config.owners).find((one) => one.config.id === id);
  if (channel !== undefined && target !== undefined) return { channel, type: target.config.type };
  const known = [...made.values()].filter(({ format }) => format !== 'heartbeat');
  const there = known.map((one) => one.id).join(', ');
  throw new CommandFailed(
    `no channel ${JSON.stringify(id)} in the configuration; there ${known.length === 0 ? 'are none' : `are: ${there}`}`,
  );
}

function refuseHeartbeats({ heartbeats }: Config, id: string): void {
  if (![...heartbeats.keys()].some((schedule) => heartbeatId(schedule) === id)) return;
  throw new CommandFailed(
    `${id} cannot be tested: its monitor would count the call as one of a sweep`,
  );
}
