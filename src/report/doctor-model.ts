/** From well to broken. */
const checkStatuses = ['ok', 'warning', 'failure'] as const;
export type CheckStatus = (typeof checkStatuses)[number];

/** What `keysweep doctor` found in one check. */
export interface CheckLine {
  /** The part of the program, such as `store`. */
  readonly group: string;
  /** The check, such as `room`, or the id of what was checked. */
  readonly check: string;
  readonly status: CheckStatus;
  readonly seen: string;
  /** What to do about it; null if all is well. */
  readonly mend: string | null;
}

/** The worst status of all lines; `ok` if there are none. */
export function worstOf(lines: readonly Pick<CheckLine, 'status'>[]): CheckStatus {
  const places = lines.map(({ status }) => checkStatuses.indexOf(status));
  return checkStatuses[Math.max(0, ...places)] ?? 'ok';
}
