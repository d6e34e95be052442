/** Limits of the server, and how many connections count against each. -1: no limit. */
export interface ConnectionUse {
  readonly role_limit: number;
  readonly role_used: number;
  readonly database_limit: number;
  readonly database_used: number;
  readonly server_limit: number;
  readonly server_used: number;
}

/** How many connections the server leaves for this process, which has `own` open already. */
export function countFreeConnections(use: ConnectionUse, own: number): number {
  const left = [
    [use.role_limit, use.role_used],
    [use.database_limit, use.database_used],
    [use.server_limit, use.server_used],
  ] as const;
  const free = left.map(([limit, used]) => (limit < 0 ? Number.POSITIVE_INFINITY : limit - used));
  return Math.min(...free) + own;
}

/** Why a process cannot work with these connections, and the mend; undefined if it can. */
export function wrongConnections(wanted: number, fewest: number, free: number): string | undefined {
  if (wanted < fewest) {
    return `needs at least ${fewest} connections for one process, and store.connections is ${wanted}`;
  }
  if (wanted <= free) return undefined;
  const left = `leaves ${Math.max(0, free)} connections for this process, which may open ${wanted}`;
  return free < fewest
    ? `${left} and needs at least ${fewest}: raise the limit of the role, the database or the server`
    : `${left}: set store.connections to ${free} or less, or raise the limit`;
}
