/** How many connections each pool of a process may open. */
export interface ConnectionShares {
  readonly records: number;
  /** Of BullMQ, if the queue is in PostgreSQL. */
  readonly queue: number;
}

const usual: ConnectionShares = { records: 10, queue: 12 };
/** The worker of each of the four queues listens on a connection of its own; one more asks. */
const fewestForQueue = 5;

/** The fewest connections that a process can work with. */
export function fewestConnections(queueInStore: boolean): number {
  return queueInStore ? fewestForQueue + 1 : 1;
}

/** Shares out `store.connections`; without it, a process opens at most 22, or 10 with Redis. */
export function shareConnections(
  connections: number | undefined,
  queueInStore: boolean,
): ConnectionShares {
  if (!queueInStore) return { records: connections ?? usual.records, queue: 1 };
  if (connections === undefined) return usual;
  const queue = Math.min(usual.queue, Math.max(fewestForQueue, Math.floor(connections / 2)));
  return { records: Math.max(1, connections - queue), queue };
}
