import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time for programs in hundredths of a second (USER_HZ). */
const ticksPerSecond = 100;

/**
 * Seconds of processor time that a process has used, with its children: those that run, and those
 * that ended and were waited for. Undefined if the process has ended, or where there is no /proc.
 */
export function readCpuSeconds(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in brackets may hold spaces. utime, stime, cutime and cstime are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const children = childrenOf(pid).map((child) => readCpuSeconds(child) ?? 0);
  return children.reduce((sum, seconds) => sum + seconds, own / ticksPerSecond);
}

/** Megabytes of memory of a process and its children: now, and the most that each ever had. */
export function readMemory(pid: number): { nowMb: number; peakMb: number } | undefined {
  const status = read(`/proc/${pid}/status`);
  if (status === undefined) return undefined;
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1_024;
  const all = [{ nowMb: mb('VmRSS'), peakMb: mb('VmHWM') }];
  for (const child of childrenOf(pid)) all.push(readMemory(child) ?? { nowMb: 0, peakMb: 0 });
  return all.reduce((sum, one) => ({
    nowMb: sum.nowMb + one.nowMb,
    peakMb: sum.peakMb + one.peakMb,
  }));
}

/** The name of a process's program; undefined if there is no such process. */
export const readProgram = (pid: number): string | undefined => read(`/proc/${pid}/comm`)?.trim();

/** The process that started this one. */
export function readParent(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined
    ? undefined
    : Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

function childrenOf(pid: number): readonly number[] {
  // Any thread of a process may have started one.
  return threadsOf(pid).flatMap((thread) => {
    const text = read(`/proc/${pid}/task/${thread}/children`) ?? '';
    return text.split(' ').filter(Boolean).map(Number);
  });
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
