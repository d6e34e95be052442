import pg from 'pg';
import { parseServerUrl } from '../../../options/address.ts';

const usualPort = 5432;

/** The server of a PostgreSQL URL in words, without its password: “PostgreSQL at db:5432/keysweep”. */
export function namePostgres(url: string): string {
  const parsed = parseServerUrl(url);
  if (parsed === undefined) return 'PostgreSQL';
  const { hostname, port, pathname, searchParams } = parsed;
  // Without a host, `pg` takes PGHOST, or `localhost`.
  const written = searchParams.get('host') ?? hostname.replaceAll(/%2f/gi, '/');
  const host = written || new pg.Client().host;
  const usedPort = searchParams.get('port') ?? (port || usualPort);
  if (host.startsWith('/')) return `PostgreSQL at ${host}/.s.PGSQL.${usedPort}`;
  return `PostgreSQL at ${host}:${usedPort}${pathname}`;
}
