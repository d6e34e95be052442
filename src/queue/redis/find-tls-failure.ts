import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Secrets } from '../../config/config.ts';
import { isCertificateFailure } from '../../text/tls-failure.ts';
import { codeOfRedis, isOwnFailure } from './describe-refusal.ts';
import { type RedisConfig, tlsOptions } from './redis-options.ts';

const timeoutMs = 2_000;

/**
 * The code of the certificate that a sentinel or a node of a cluster shows and that is not trusted
 * here, or of our own that cannot be used: ioredis loses it, and says that it found no server.
 */
export async function findTlsFailure(
  config: RedisConfig,
  { redisTls }: Pick<Secrets, 'redisTls'>,
): Promise<string | undefined> {
  if (config.kind === 'redis') return undefined;
  const { tls } = tlsOptions(config.tls, redisTls);
  if (tls === undefined) return undefined;
  const hosts = config.kind === 'cluster' ? config.nodes : config.hosts;
  const codes = await Promise.all(hosts.map((at) => codeOfGreeting({ ...tls, ...at })));
  return codes.find(
    (code) => code !== undefined && (isCertificateFailure(code) || isOwnFailure(code)),
  );
}

async function codeOfGreeting(at: ConnectionOptions): Promise<string | undefined> {
  let socket: TLSSocket | undefined;
  try {
    // Throws where our own certificate cannot be read.
    socket = connect(at);
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) });
    return undefined;
  } catch (error) {
    return codeOfRedis(error);
  } finally {
    socket?.on('error', () => undefined).destroy();
  }
}
