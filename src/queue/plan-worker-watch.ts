/** What one look at a worker of this process showed. Times are of a clock that never jumps. */
export interface WorkerLook {
  readonly atMs: number;
  /** Jobs that wait in its queue, asked over a new connection; undefined if that did not work. */
  readonly waiting: number | undefined;
  readonly hasRoom: boolean;
  /** How many jobs the worker has taken since it started. */
  readonly taken: number;
}

/** Since when jobs have waited although the worker could take them. */
export interface WorkerWatch {
  readonly idleSinceMs: number;
  readonly taken: number;
}

export interface WorkerVerdict {
  readonly watch: WorkerWatch | undefined;
  readonly stuck: boolean;
}

/**
 * A worker is stuck if a new connection works, but for `stuckMs` the worker has room and takes no
 * job that waits. While the server refuses everybody, the worker is not to blame.
 */
export function planWorkerWatch(
  before: WorkerWatch | undefined,
  look: WorkerLook,
  stuckMs: number,
): WorkerVerdict {
  const { atMs, waiting, hasRoom, taken } = look;
  if (waiting === undefined || waiting === 0 || !hasRoom) return { watch: undefined, stuck: false };
  const watch = before?.taken === taken ? before : { idleSinceMs: atMs, taken };
  return { watch, stuck: atMs - watch.idleSinceMs >= stuckMs };
}
