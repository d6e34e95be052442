const usualPort = 5432;

/** The server of a PostgreSQL URL in words, without its password: “PostgreSQL at db:5432/keysweep”. */
export function namePostgres(url: string): string {
  if (!URL.canParse(url)) return 'PostgreSQL';
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname.replaceAll(/%2f/gi, '/');
  if (host === '' || host.startsWith('/')) return `PostgreSQL at ${host || 'its Unix socket'}`;
  return `PostgreSQL at ${host}:${searchParams.get('port') ?? (port || usualPort)}${pathname}`;
}
