import type { AlertChannel } from '../../alert/channels/channel.ts';
import { type ChannelConfig, describeChannel } from '../../alert/channels/index.ts';
import { reachChannel } from '../../alert/channels/reach.ts';
import { createChannels } from '../../alert/create-channels.ts';
import { addressRefused } from '../../alert/outbound.ts';
import { sendTest } from '../../alert/send-test.ts';
import type { Examination } from '../examination.ts';
import { broken, type Line, well } from '../line.ts';
import { planDelivery, planReach } from '../plan/plan-channel.ts';

/** Less than a check's deadline, so that one silent channel leaves the lines of the others. */
const limitMs = 8_000;

/** Connects to every channel; with `--send`, sends each a test message instead. */
export async function checkChannels(examination: Examination): Promise<readonly Line[]> {
  const { config, sends } = examination;
  const { channels } = config.alerts;
  if (channels.length === 0) return [well('channels', 'no channels: nobody is alerted')];
  const made = sends ? makeChannels(examination) : new Map<string, AlertChannel>();
  return Promise.all(
    channels.map((channel) => {
      const sender = made.get(channel.id);
      return sender === undefined || channel.type === 'log'
        ? reach(channel, examination)
        : send(channel, sender);
    }),
  );
}

async function reach(channel: ChannelConfig, { config, secrets }: Examination): Promise<Line> {
  const { id, type } = channel;
  if (describeChannel(type).address === null) return well(id, 'it writes to the log');
  const { allowPrivateNetworks } = config.alerts;
  const its = secrets.channels.get(id) ?? {};
  const terms = { allowPrivateNetworks, proxies: secrets.proxies, timeoutMs: limitMs };
  const failed = await reachChannel(channel, its, terms);
  return planReach(id, failed, speaksOf(channel), failed?.code === addressRefused);
}

async function send(channel: ChannelConfig, sender: AlertChannel): Promise<Line> {
  const { id } = channel;
  try {
    const delivery = await sendTest(sender, new Date(), AbortSignal.timeout(limitMs));
    return planDelivery(id, delivery, speaksOf(channel));
  } catch {
    const seen = `no answer to the test message within ${limitMs} ms: it may have arrived or not`;
    return broken(id, seen, 'look whether it arrived; keysweep alerts test waits longer');
  }
}

function makeChannels({ config, secrets, log, now }: Examination) {
  const { owners, heartbeats } = config;
  const { channels, allowPrivateNetworks } = config.alerts;
  const terms = { allowPrivateNetworks, proxies: secrets.proxies, log, now };
  return createChannels({ channels, owners, heartbeats, secrets, ...terms });
}

function speaksOf({ type }: ChannelConfig): 'http' | 'smtp' {
  return type === 'email' ? 'smtp' : 'http';
}
