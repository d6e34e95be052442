import { startContainer } from './docker.ts';
import { canStartPostgres, startPostgres } from './postgres.ts';
import { canStartRedis, startRedis } from './redis.ts';

export type ServerKind = 'redis' | 'postgres';

/** A server for the whole run, and where it came from. */
export interface SharedServer {
  readonly url: string;
  readonly from: 'environment' | 'container' | 'this machine';
  stop(): Promise<void>;
}

/** Why there is no server; one reason for each way that was tried. */
export interface NoServer {
  readonly kind: ServerKind;
  readonly reasons: readonly string[];
}

interface Way {
  readonly name: string;
  readonly variable: string;
  readonly scheme: RegExp;
  readonly program: string;
  readonly debianPackage: string;
  readonly isHere: () => boolean;
  readonly start: () => Promise<{ readonly url: string; close(): Promise<void> }>;
}

const ways: Record<ServerKind, Way> = {
  redis: {
    name: 'Redis',
    variable: 'REDIS_URL',
    scheme: /^rediss?:\/\//,
    program: 'redis-server',
    debianPackage: 'redis-server',
    isHere: canStartRedis,
    start: startRedis,
  },
  postgres: {
    name: 'PostgreSQL',
    variable: 'DATABASE_URL',
    scheme: /^postgres(ql)?:\/\//,
    program: 'postgres',
    debianPackage: 'postgresql',
    isHere: canStartPostgres,
    start: startPostgres,
  },
};

/**
 * Finds a server in the order that the README promises: the environment, a container, a program on
 * this machine. A URL in the environment for another kind of server is an error, because ignoring
 * it would test something other than what was requested.
 */
export async function findServer(
  kind: ServerKind,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SharedServer | NoServer> {
  const way = ways[kind];
  const url = env[way.variable];
  if (url !== undefined && url !== '') {
    if (!way.scheme.test(url)) throw new Error(`${way.variable} is not the URL of ${way.name}`);
    return { url, from: 'environment', stop: async () => undefined };
  }
  const reasons = [`${way.variable} is not set`];
  try {
    return { ...(await startContainer(kind)), from: 'container' };
  } catch (error) {
    reasons.push(`no container (${firstLine(error)})`);
  }
  if (!way.isHere()) {
    return { kind, reasons: [...reasons, `no ${way.program} on this machine`] };
  }
  try {
    const { url: own, close } = await way.start();
    return { url: own, from: 'this machine', stop: close };
  } catch (error) {
    return { kind, reasons: [...reasons, `${way.program} did not start (${firstLine(error)})`] };
  }
}

/** The lines about the suites that need a server that was not found: why, and how to get it. */
export function renderSkipped({ kind, reasons }: NoServer): string {
  const way = ways[kind];
  return [
    `SKIPPED: the suites that need ${way.name}: ${reasons.join('; ')}.`,
    `  To run them: set ${way.variable}, start Docker, or install it (Debian: apt-get install ${way.debianPackage}).`,
  ].join('\n');
}

/**
 * The lines about the suites that stop and kill a server: they need their own server, even if the
 * others use a URL or a container. Undefined if it can be started.
 */
export function renderNoOwnServer(kind: ServerKind): string | undefined {
  const way = ways[kind];
  if (way.isHere()) return undefined;
  return [
    `SKIPPED: the suites that kill a ${way.name} of their own: no ${way.program} on this machine.`,
    `  To run them: install it (Debian: apt-get install ${way.debianPackage}).`,
  ].join('\n');
}

const firstLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0];
