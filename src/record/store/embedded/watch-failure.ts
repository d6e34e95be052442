import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { StoreUnusable } from '../errors.ts';
import { freeRoom, inMegabytes, leastRoom } from './free-room.ts';

/** Whether an embedded database still runs in this process. */
export interface DatabaseWatch {
  /** Rejects with `StoreUnusable` after the database has stopped; call it before each statement. */
  assertRuns(): Promise<void>;
  /** Looks at the error of a statement; returns the error to throw. */
  look(error: unknown): unknown;
  readonly hasStopped: boolean;
}

/** The calls of PGlite's module by which it runs one statement. */
interface Program {
  _PostgresMainLoopOnce(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
  stackRestore(stack: unknown): void;
}

const diskFull = '53100';

/**
 * After a PANIC (for example, on a full disk) or a trap, a PostgreSQL server ends and is started
 * anew from its log. PGlite catches the error instead and calls the dead program again, without
 * end. Here the error ends the call and the database: `stopped` is called once, and no statement
 * runs any more.
 */
export function watchFailure(
  pglite: PGlite,
  folder: string,
  stopped: (error: StoreUnusable) => void,
): DatabaseWatch {
  let failure: StoreUnusable | undefined;
  const fail = (isFull: boolean): StoreUnusable => {
    if (failure === undefined) {
      failure = new StoreUnusable(folder, describeStop(freeRoom(folder), isFull));
      stopped(failure);
    }
    return failure;
  };
  endAtFirstFailure(pglite.Module as unknown as Program, () => fail(false));
  return {
    async assertRuns() {
      if (failure === undefined) return;
      // Whoever tries again at once would keep the process from everything else.
      await nextTurn();
      throw failure;
    },
    look(error) {
      const { code } = (error ?? {}) as { readonly code?: unknown };
      return failure ?? (code === diskFull ? fail(true) : error);
    },
    get hasStopped() {
      return failure !== undefined;
    },
  };
}

function endAtFirstFailure(program: Program, fail: () => StoreUnusable): void {
  const runOnce = program._PostgresMainLoopOnce;
  program._PostgresMainLoopOnce = () => {
    try {
      runOnce();
    } catch (error) {
      if (isEnd(error)) endForGood(program, fail());
      throw error;
    }
  };
}

/** A dead program that is called again waits without end for the locks that it holds itself. */
function endForGood(program: Program, failure: StoreUnusable): void {
  const refuse = () => {
    throw failure;
  };
  program._PostgresMainLoopOnce = refuse;
  program._PostgresSendReadyForQueryIfNecessary = () => undefined;
  program._pgl_pq_flush = () => undefined;
  // PGlite calls this after every error, outside the `try` that would swallow the next one.
  program.stackRestore = refuse;
}

/** How the program leaves a statement that met an ordinary error. PGlite goes on after that alone. */
const backToMainLoop = 100;

function isEnd(error: unknown): boolean {
  return (error as { readonly status?: unknown } | null)?.status !== backToMainLoop;
}

function describeStop(free: number | undefined, isFull: boolean): string {
  const again = 'start again: what was recorded is kept';
  if (isFull || (free !== undefined && free < leastRoom)) {
    const room = free === undefined ? '' : ` (${inMegabytes(free)} are free)`;
    return `has stopped, because its disk or quota is full${room}; make room and ${again}`;
  }
  return (
    'has stopped, because its database met an error that it cannot go on after; ' +
    `check the disk and ${again}. If it stops again, restore a backup`
  );
}
