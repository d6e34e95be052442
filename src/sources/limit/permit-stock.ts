import type { PermitsAnswer } from './plan-permits.ts';
import type { Spacing } from './plan-spacing.ts';

/** The permits that this process has and nobody has used. Instants are of one clock that never jumps. */
export interface PermitStock {
  /** Adds what was given at `at`. */
  add(answer: PermitsAnswer, at: number): void;
  /** Uses a permit that counts now; false if there is none. */
  use(now: number): boolean;
  /** When the next permit counts; undefined if there is none. */
  nextAt(now: number): number | undefined;
  /** When the last of them counts. */
  lastAt(): number;
  clear(): void;
}

/** Permits that nobody used in time are dropped. */
export function createPermitStock({ intervalMs, lateMs }: Spacing): PermitStock {
  /** Runs of permits, one interval apart, in the order of their instants. */
  let runs: { at: number; left: number }[] = [];

  const dropLate = (now: number) => {
    for (let first = runs[0]; first !== undefined; first = runs[0]) {
      const late = Math.ceil((now - lateMs - first.at) / intervalMs);
      if (late <= 0) return;
      if (late < first.left) {
        first.at += late * intervalMs;
        first.left -= late;
        return;
      }
      runs.shift();
    }
  };

  return {
    add({ given, inMs }, at) {
      if (given > 0) runs.push({ at: at + inMs, left: given });
    },
    use(now) {
      dropLate(now);
      const first = runs[0];
      if (first === undefined || first.at > now) return false;
      first.at += intervalMs;
      first.left -= 1;
      if (first.left === 0) runs.shift();
      return true;
    },
    nextAt(now) {
      dropLate(now);
      return runs[0]?.at;
    },
    lastAt() {
      const last = runs.at(-1);
      return last === undefined ? Number.NEGATIVE_INFINITY : last.at + (last.left - 1) * intervalMs;
    },
    clear() {
      runs = [];
    },
  };
}
