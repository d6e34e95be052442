import pg from 'pg';
import { currentProgress, type Progress } from '../../../timing/progress.ts';
import { DatabaseSilent } from '../errors.ts';
import { longStatementsAllowed, type StatementLimits } from './statement-limits.ts';

/** What the server says of a statement; undefined if it cannot say. */
export type AskWhetherRunning = (pid: number) => Promise<boolean | undefined>;

/** What a client of `pg` has and its type lacks. */
export interface ServerProcess {
  /** The process of the server that serves this connection, as it was named on connecting. */
  readonly processID?: number | null;
}
type Client = pg.Client & ServerProcess;
type Send = (...args: unknown[]) => unknown;
type Callback = (...results: unknown[]) => void;

/**
 * Connections whose every statement ends. A half-open connection never answers, and `pg` would wait
 * without end; here it is destroyed after the limit, and its statements fail with `DatabaseSilent`.
 */
export function boundedClients(
  limits: StatementLimits,
  isRunning: AskWhetherRunning,
): typeof pg.Client {
  return class BoundedClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const send = this.query.bind(this) as Send;
      const query: Send = (...args) => bounded(send, args, () => watch(this, limits, isRunning));
      this.query = query as typeof this.query;
      checkListening(this, limits.lookMs);
    }
  };
}

/** A client that only listens sends nothing, so nothing would show that its connection is lost. */
function checkListening(client: Client, everyMs: number): void {
  const timer = setInterval(() => {
    if (client.listenerCount('notification') > 0) client.query('select 1').catch(() => undefined);
  }, everyMs);
  timer.unref();
  client.once('end', () => clearInterval(timer));
}

/** Sends a statement in either of the two forms of `pg`, and ends its watch when it has ended. */
function bounded(send: Send, args: readonly unknown[], start: () => () => void): unknown {
  const endWatch = start();
  const last = args.at(-1);
  if (typeof last === 'function') {
    const answered = (...results: unknown[]) => {
      endWatch();
      (last as Callback)(...results);
    };
    return send(...args.slice(0, -1), answered);
  }
  const result = send(...args);
  if (result instanceof Promise) result.then(endWatch, endWatch);
  return result;
}

function watch(client: Client, limits: StatementLimits, ask: AskWhetherRunning): () => void {
  const progress = currentProgress();
  const giveUp = () => void client.connection.stream.destroy(new DatabaseSilent());
  const endWatch = longStatementsAllowed()
    ? watchLong({ client, limits, ask, progress, giveUp })
    : stopTimer(setTimeout(giveUp, limits.usualMs));
  return () => {
    endWatch();
    progress?.note();
  };
}

interface LongWatch {
  readonly client: Client;
  readonly limits: StatementLimits;
  readonly ask: AskWhetherRunning;
  readonly progress: Progress | undefined;
  giveUp(): void;
}

/** A long statement may run as long as the server says that it runs, up to `longMs`. */
function watchLong({ client, limits, ask, progress, giveUp }: LongWatch): () => void {
  const { longMs, lookMs } = limits;
  const until = performance.now() + longMs;
  let timer: NodeJS.Timeout;
  let ended = false;
  const look = async () => {
    const running = await ask(client.processID ?? 0).catch(() => undefined);
    if (ended) return;
    if (running === false || performance.now() >= until) giveUp();
    else start(running);
  };
  const start = (running: boolean | undefined) => {
    if (running === true) progress?.note();
    timer = setTimeout(() => void look(), lookMs);
  };
  start(true);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

function stopTimer(timer: NodeJS.Timeout): () => void {
  return () => clearTimeout(timer);
}
