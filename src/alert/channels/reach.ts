import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { addressRefused, type Resolve } from '../outbound.ts';
import type { DeliveryCode } from './channel.ts';
import { hostNameOf } from './email/host-name.ts';
import { openSocket, type SocketTerms } from './email/smtp/open-socket.ts';
import { readSmtpUrl } from './email/smtp/read-smtp-url.ts';
import { greetMailServer } from './email/smtp/send-mail.ts';
import { type ChannelConfig, type ChannelSecrets, describeChannel } from './index.ts';

export interface ReachTerms {
  readonly allowPrivateNetworks: boolean;
  readonly timeoutMs: number;
  /** The system's resolver unless given. */
  readonly resolve?: Resolve;
}

/**
 * Connects to the server of a channel, with TLS where its messages have it, and sends no message.
 * Resolves with undefined, or with the code of the failure. `addressRefused`: the address is not
 * public. Never rejects, and ends after `timeoutMs`.
 */
export async function reachChannel(
  config: ChannelConfig,
  secrets: ChannelSecrets,
  { allowPrivateNetworks, timeoutMs, resolve }: ReachTerms,
): Promise<DeliveryCode | undefined> {
  const { address } = describeChannel(config.type);
  const url = address === null ? undefined : secrets[address];
  if (url === undefined) return undefined;
  const signal = AbortSignal.timeout(timeoutMs);
  const terms = { allowPrivateNetworks, timeoutMs, resolve, signal };
  return config.type === 'email'
    ? greet(url, config.name ?? hostNameOf(config.from), terms)
    : connectTo(new URL(url), terms);
}

async function greet(
  url: string,
  name: string | undefined,
  terms: SocketTerms,
): Promise<DeliveryCode | undefined> {
  const result = await greetMailServer(readSmtpUrl(url), name, terms);
  if (result === undefined) return undefined;
  if (result.kind === 'refused-address') return addressRefused;
  return 'code' in result ? result.code : 'UNKNOWN';
}

async function connectTo(url: URL, terms: SocketTerms): Promise<DeliveryCode | undefined> {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  let socket: Socket | undefined;
  try {
    socket = await openSocket({ host, port: Number(url.port) || (isSecure ? 443 : 80) }, terms);
    if (isSecure) await secure(socket, host, terms.signal);
    return undefined;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (terms.signal.aborted || code === 'ABORTED') return 'ETIMEDOUT';
    return typeof code === 'string' ? code : 'UNKNOWN';
  } finally {
    socket?.destroy();
  }
}

function secure(socket: Socket, host: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const over = connectTls({ socket, host, ...name });
    over.once('secureConnect', resolve);
    over.on('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
