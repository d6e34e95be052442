import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { neverRead, planLook, type Watched } from '../../config/files/plan-look.ts';
import { stampFiles } from '../../config/files/stamp-files.ts';
import { throttleByCode } from '../../timing/throttle-by-code.ts';

/** Files that belong together and are read together. */
export interface WatchedFiles {
  /** Absolute. */
  readonly files: readonly string[];
  /** Reads them, and changes nothing. What was read is taken if they did not change meanwhile. */
  read(): Promise<Take>;
}

/**
 * Takes what was read. `asked`: somebody waits for the answer, so it is logged even if nothing
 * changed. Returns what is left to do with the database; that is tried until it succeeds.
 */
export type Take = (asked: boolean) => Left;
export type Left = () => Promise<void>;

export interface FileWatchTimings {
  readonly everyMs: number;
  /** How long files stand still before they are read. */
  readonly stillMs: number;
}

export const usualFileWatch: FileWatchTimings = { everyMs: 1_000, stillMs: 2_000 };

export interface FileWatch {
  /** Reads all files again, as soon as they stand still. */
  readAgain(): void;
  stop(): Promise<void>;
}

interface Place {
  readonly files: WatchedFiles;
  watched: Watched;
  asked: boolean;
  left: Left | undefined;
}

/**
 * Reads files again when they change. Looks at them every second: notifications of the system are
 * absent on network file systems, and follow neither a replaced file nor a moved link (as in a
 * ConfigMap of Kubernetes) in the same way everywhere.
 */
export function watchFiles(
  all: readonly WatchedFiles[],
  log: Logger,
  timings: FileWatchTimings = usualFileWatch,
): FileWatch {
  const places = all.map(
    (files): Place => ({ files, watched: neverRead, asked: false, left: undefined }),
  );
  const stopping = new AbortController();
  const failed = throttleByCode((code) =>
    log.warn({ code }, 'a changed file could not be examined yet'),
  );
  const run = async () => {
    while (!stopping.signal.aborted) {
      for (const place of places)
        await look(place, timings.stillMs).catch((e) => failed(codeOf(e)));
      await pause(timings.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    readAgain() {
      for (const place of places) place.asked = true;
    },
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

async function look(place: Place, stillMs: number): Promise<void> {
  const { files, asked } = place;
  const now = () => stampFiles(files.files);
  const stamp = await now();
  const before = asked ? { ...place.watched, read: undefined } : place.watched;
  const { watched, due } = planLook(before, { stamp, nowMs: performance.now() }, stillMs);
  place.watched = watched;
  if (due) {
    const take = await files.read();
    if ((await now()) !== stamp) return;
    place.watched = { ...watched, read: stamp };
    place.asked = false;
    place.left = take(asked);
  }
  await place.left?.();
  place.left = undefined;
}

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? error.name;
}
