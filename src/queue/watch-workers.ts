import { inTime } from '../timing/in-time.ts';
import { planWorkerWatch, type WorkerWatch } from './plan-worker-watch.ts';

/** What a worker of this process does. */
export interface WorkerActivity {
  readonly queue: string;
  readonly hasRoom: boolean;
  readonly taken: number;
}

export interface WatchTimings {
  readonly lookEveryMs: number;
  readonly stuckMs: number;
}

const usualWatch: WatchTimings = { lookEveryMs: 15_000, stuckMs: 60_000 };

interface WatchedWorkers {
  activity(): readonly WorkerActivity[];
  /** Asked over a new connection. */
  countWaiting(queue: string): Promise<number>;
  /** Called once; the watch ends. */
  onStuck(queues: readonly string[]): void;
}

/** Watches the workers of this process until the returned function is called. */
export function watchWorkers(
  { activity, countWaiting, onStuck }: WatchedWorkers,
  { lookEveryMs, stuckMs }: WatchTimings = usualWatch,
): () => void {
  const watches = new Map<string, WorkerWatch | undefined>();
  const look = async ({ queue, ...seen }: WorkerActivity): Promise<boolean> => {
    const asked = inTime(countWaiting(queue), lookEveryMs);
    const waiting = await asked.catch(() => undefined);
    const at = { ...seen, waiting, atMs: performance.now() };
    const { watch, stuck } = planWorkerWatch(watches.get(queue), at, stuckMs);
    watches.set(queue, watch);
    return stuck;
  };
  let looking = false;
  const lookAtAll = async () => {
    if (looking) return;
    looking = true;
    const seen = activity();
    const stuck = await Promise.all(seen.map(look));
    looking = false;
    const queues = seen.filter((_, index) => stuck[index]).map(({ queue }) => queue);
    if (queues.length === 0) return;
    clearInterval(timer);
    onStuck(queues);
  };
  const timer = setInterval(() => void lookAtAll(), lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
