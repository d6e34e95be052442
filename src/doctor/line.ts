import type { CheckLine } from '../report/doctor-model.ts';

/** A line whose group the list of checks names. */
export type Line = Omit<CheckLine, 'group'>;

export function well(check: string, seen: string): Line {
  return { check, status: 'ok', seen, mend: null };
}

export function warning(check: string, seen: string, mend: string): Line {
  return { check, status: 'warning', seen, mend };
}

export function broken(check: string, seen: string, mend: string): Line {
  return { check, status: 'failure', seen, mend };
}

/** For a check that another failure prevents. */
export function notRun(check: string, because: string, mend: string): Line {
  return warning(check, `not checked: ${because}`, mend);
}
