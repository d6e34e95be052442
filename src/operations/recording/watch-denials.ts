import type { CountedDenial, Denied } from '../../record/audit-log/count-denials.ts';
import { boundText } from './bound-input.ts';

/** Counts what is denied, so that thousands of tries are a few rows. */
export interface DenialWatch {
  note(denied: Denied): void;
  /** Writes what was counted since the last time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const flushMs = 5_000;
const hourMs = 3_600_000;
/** Different ones that one process counts in an hour; the others are counted together. */
const mostKinds = 200;

/** `write` adds counts to the audit record. What it cannot write now is written later. */
export function watchDenials(
  write: (denials: readonly CountedDenial[]) => Promise<void>,
  now: () => number = () => performance.now(),
): DenialWatch {
  const known = new Set<string>();
  let knownSince = now();
  let counts = new Map<string, CountedDenial>();

  const add = (denial: CountedDenial) => {
    const kind = kindOf(denial);
    const before = counts.get(kind)?.times ?? 0;
    counts.set(kind, { ...denial, times: before + denial.times });
  };
  const flush = async () => {
    if (counts.size === 0) return;
    const counted = [...counts.values()];
    counts = new Map();
    await write(counted).catch(() => counted.forEach(add));
  };
  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();
  return {
    note({ who, role, what, reason, origin }) {
      if (now() - knownSince >= hourMs) {
        known.clear();
        knownSince = now();
      }
      const one = { who: who && boundText(who), role, what, reason, origin: boundText(origin) };
      const kind = kindOf(one);
      const isCounted = known.has(kind) || known.size < mostKinds;
      if (isCounted) known.add(kind);
      const others = { who: null, role: null, origin: 'others' };
      add({ ...one, ...(isCounted ? {} : others), times: 1 });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function kindOf({ who, role, what, origin }: Denied): string {
  return JSON.stringify([who, role, what, origin]);
}
