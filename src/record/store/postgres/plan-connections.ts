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

export interface WantedConnections {
  /** Of each process. */
  readonly wanted: number;
  readonly fewest: number;
  /** For all processes. */
  readonly free: number;
  readonly processes: number;
}

/** Why processes cannot work with these connections, and the mend; undefined if they can. */
export function wrongConnections(these: WantedConnections): string | undefined {
  const { wanted, fewest, free, processes } = these;
  if (wanted < fewest) {
    return `needs at least ${fewest} connections for one process, and store.connections is ${wanted}`;
  }
  if (wanted * processes <= free) return undefined;
  const each = Math.floor(free / processes);
  const left = `leaves ${Math.max(0, free)} connections for ${whom(these)}`;
  const fewer = processes === 1 ? '' : ', or set worker.processes to less';
  return each < fewest
    ? `${left} and needs at least ${fewest}: raise the limit of the role, the database or the server${fewer}`
    : `${left}: set store.connections to ${each} or less, or raise the limit${fewer}`;
}

function whom({ processes, wanted }: WantedConnections): string {
  if (processes === 1) return `this process, which may open ${wanted}`;
  return `the ${processes} processes of worker.processes, each of which may open ${wanted}`;
}
