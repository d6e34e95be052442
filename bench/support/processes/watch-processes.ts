import type { Span } from '../span.ts';
import { readCpuSeconds, readMemory } from './read-process.ts';

/** Looks at processes while they work. */
export interface ProcessWatch {
  /** Undefined for a process of another machine: nothing is known of it. */
  add(name: string, pid: number | undefined): void;
  /** Seconds of processor time in a span of time; undefined for a process that was not seen. */
  cpuSeconds(name: string, span: Span): number | undefined;
  peakMb(name: string): number;
  close(): Promise<void>;
}

interface Watched {
  readonly pid: number;
  readonly looks: { readonly at: number; readonly cpu: number }[];
  peakMb: number;
}

/** Often enough for a sweep of a second, and under a hundredth of a core. */
const everyMs = 100;

export function watchProcesses(): ProcessWatch {
  const watched = new Map<string, Watched>();
  const look = () => {
    for (const one of watched.values()) {
      const cpu = readCpuSeconds(one.pid);
      if (cpu !== undefined) one.looks.push({ at: Date.now(), cpu });
      one.peakMb = Math.max(one.peakMb, readMemory(one.pid)?.peakMb ?? 0);
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    add(name, pid) {
      if (pid === undefined) return;
      watched.set(name, { pid, looks: [], peakMb: 0 });
      look();
    },
    cpuSeconds(name, { from, to }) {
      const looks = watched.get(name)?.looks ?? [];
      const [before, after] = [cpuAt(looks, from), cpuAt(looks, to)];
      return before === undefined || after === undefined ? undefined : after - before;
    },
    peakMb: (name) => watched.get(name)?.peakMb ?? 0,
    async close() {
      clearInterval(timer);
    },
  };
}

/** The processor time at an instant: on the line between the looks before and after it. */
function cpuAt(looks: Watched['looks'], at: number): number | undefined {
  const next = looks.find((look) => look.at >= at) ?? looks.at(-1);
  const before = looks.findLast((look) => look.at <= at) ?? looks[0];
  if (next === undefined || before === undefined) return undefined;
  const span = next.at - before.at;
  const part = span <= 0 ? 0 : (at - before.at) / span;
  return before.cpu + (next.cpu - before.cpu) * part;
}
