import type { CheckLine } from '../report/doctor-model.ts';
import { inTime } from '../timing/in-time.ts';
import { checks } from './checks/index.ts';
import { type DoctorParts, runCheck } from './examination.ts';
import { examineStore } from './examine-store.ts';

const closingMs = 3_000;

/**
 * Runs every check, each to its end or its deadline. Changes nothing, except for probes that go
 * away by themselves. Rejects never because of what is wrong.
 */
export async function examine(parts: DoctorParts): Promise<readonly CheckLine[]> {
  const closings: (() => Promise<void> | void)[] = [];
  const atEnd = (close: () => Promise<void> | void) => void closings.push(close);
  const store = examineStore({ ...parts, atEnd });
  const examination = { ...parts, store, atEnd };
  const found = await Promise.all(checks.map((check) => runCheck(check, examination)));
  for (const close of closings.reverse()) {
    await inTime(Promise.resolve(close()), closingMs).catch(() => undefined);
  }
  return found.flat();
}

/** The groups of checks, for those that cannot run at all. */
export function listGroups(): readonly string[] {
  return checks.map(({ group }) => group);
}
