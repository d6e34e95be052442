import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectThrough } from '../../proxy/connect-through.ts';
import { connectToProxy } from '../../proxy/connect-to-proxy.ts';
import { findProxyIn } from '../../proxy/find-proxy.ts';
import { noProxies, type Proxies, type ProxyServer } from '../../proxy/proxies.ts';
import { ProxyFailure } from '../../proxy/proxy-failure.ts';
import { addressRefused, isPrivateHere, type Resolve } from '../outbound.ts';
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
  readonly proxies?: Proxies | undefined;
}

/** Why a channel was not reached. `addressRefused`: the address is not public. */
export interface NotReached {
  readonly code: DeliveryCode;
  /** Names the proxy that did not connect us. */
  readonly detail?: string;
}

/**
 * Connects to the server of a channel, with TLS where its messages have it, and sends no message.
 * Resolves with undefined when it was reached. Through a proxy, it connects to a server that is
 * spoken to with TLS, and else to the proxy alone. Never rejects, and ends after `timeoutMs`.
 */
export async function reachChannel(
  config: ChannelConfig,
  secrets: ChannelSecrets,
  { allowPrivateNetworks, timeoutMs, resolve, proxies = noProxies }: ReachTerms,
): Promise<NotReached | undefined> {
  const { address } = describeChannel(config.type);
  const url = address === null ? undefined : secrets[address];
  if (url === undefined) return undefined;
  const signal = AbortSignal.timeout(timeoutMs);
  const terms = { allowPrivateNetworks, timeoutMs, resolve, signal };
  if (config.type === 'email') return greet(url, config.name ?? hostNameOf(config.from), terms);
  const target = new URL(url);
  return connectTo(target, terms, findProxyIn(proxies)(target));
}

async function greet(
  url: string,
  name: string | undefined,
  terms: SocketTerms,
): Promise<NotReached | undefined> {
  const result = await greetMailServer(readSmtpUrl(url), name, terms);
  if (result === undefined) return undefined;
  if (result.kind === 'refused-address') return { code: addressRefused };
  return { code: 'code' in result ? result.code : 'UNKNOWN' };
}

async function connectTo(
  url: URL,
  terms: SocketTerms,
  proxy: ProxyServer | undefined,
): Promise<NotReached | undefined> {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  let socket: Socket | undefined;
  try {
    const port = Number(url.port) || (isSecure ? 443 : 80);
    socket = await (proxy === undefined
      ? openSocket({ host, port }, terms)
      : openThrough(proxy, url, port, terms));
    if (isSecure) await secure(socket, host, terms.signal);
    return undefined;
  } catch (error) {
    return nameFailedReach(error, terms.signal);
  } finally {
    socket?.destroy();
  }
}

function nameFailedReach(error: unknown, signal: AbortSignal): NotReached {
  if (error instanceof ProxyFailure) return { code: error.code, detail: error.message };
  const { code } = error as { code?: unknown };
  if (signal.aborted || code === 'ABORTED') return { code: 'ETIMEDOUT' };
  return { code: typeof code === 'string' ? code : 'UNKNOWN' };
}

/** For a server without TLS, the proxy is given the request itself, so only the proxy is reached. */
async function openThrough(
  proxy: ProxyServer,
  url: URL,
  port: number,
  { allowPrivateNetworks, resolve: using, timeoutMs, signal }: SocketTerms,
): Promise<Socket> {
  if (!allowPrivateNetworks && (await isPrivateHere(url, timeoutMs / 3, using))) {
    throw Object.assign(new Error('the address is not public'), { code: addressRefused });
  }
  return new Promise((resolve, reject) => {
    const done = (failure: ProxyFailure | null, socket?: Socket) =>
      socket === undefined ? reject(failure) : resolve(socket.on('error', () => undefined));
    if (url.protocol === 'http:') return connectToProxy(proxy, signal, done);
    connectThrough(proxy, `${url.hostname}:${port}`, signal, done);
  });
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
