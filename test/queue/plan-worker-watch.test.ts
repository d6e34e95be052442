import { describe, expect, test } from 'vitest';
import {
  planWorkerWatch,
  type WorkerLook,
  type WorkerWatch,
} from '../../src/queue/plan-worker-watch.ts';

const stuckMs = 60_000;
const ordinary: WorkerLook = {
  atMs: 0,
  waiting: 1,
  hasRoom: true,
  taken: 7,
};

/** Looks one after the other; the verdict of the last one. */
function isStuckAfter(...looks: readonly Partial<WorkerLook>[]): boolean {
  let watch: WorkerWatch | undefined;
  let stuck = false;
  for (const look of looks)
    ({ watch, stuck } = planWorkerWatch(watch, { ...ordinary, ...look }, stuckMs));
  return stuck;
}

describe('a worker with room', () => {
  test('is stuck once it has taken nothing for a minute while jobs waited', () => {
    expect(isStuckAfter({ atMs: 0 }, { atMs: 59_999 })).toBe(false);
    expect(isStuckAfter({ atMs: 0 }, { atMs: 60_000 })).toBe(true);
  });

  test('is well if it took a job since, or if no job waits', () => {
    expect(isStuckAfter({ atMs: 0 }, { atMs: 60_000, taken: 8 })).toBe(false);
    expect(isStuckAfter({ atMs: 0 }, { atMs: 60_000, waiting: 0 })).toBe(false);
    expect(isStuckAfter({ atMs: 0 }, { atMs: 30_000, waiting: 0 }, { atMs: 60_000 })).toBe(false);
  });

  test('is not to blame while a new connection fails too, and its minute begins again', () => {
    const refused = { atMs: 40_000, waiting: undefined };
    expect(isStuckAfter({ atMs: 0 }, refused, { atMs: 99_999 })).toBe(false);
    expect(isStuckAfter({ atMs: 0 }, refused, { atMs: 60_000 }, { atMs: 120_000 })).toBe(true);
  });
});

test('a full worker takes nothing, and is well', () => {
  expect(isStuckAfter({ atMs: 0, hasRoom: false }, { atMs: 90_000, hasRoom: false })).toBe(false);
});
