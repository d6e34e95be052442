import type { Logger } from 'pino';
import type { Config, Secrets } from '../config/config.ts';
import type { CheckLine } from '../report/doctor-model.ts';
import { inTime } from '../timing/in-time.ts';
import { describeFailure } from './describe-failure.ts';
import type { ExaminedStore } from './examine-store.ts';
import { broken, type Line } from './line.ts';

/** What `keysweep doctor` is given. */
export interface DoctorParts {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly now: () => Date;
  /** The files that `…File` options name. */
  readonly secretFiles: readonly string[];
  /** Whether each channel gets a test message. */
  readonly sends: boolean;
}

/** What the checks share. */
export interface Examination extends DoctorParts {
  /** Never rejects. */
  readonly store: Promise<ExaminedStore>;
  /** Called at the end, in reverse. */
  atEnd(close: () => Promise<void> | void): void;
}

export interface DoctorCheck {
  readonly group: string;
  /** Named in the line of a check that failed as a whole. */
  readonly name: string;
  run(examination: Examination): Promise<readonly Line[]>;
}

/** A server may need several answers; each of them has a shorter limit. */
const checkMs = 10_000;

/** Runs a check to its end or its deadline. Never rejects. */
export async function runCheck(
  { group, name, run }: DoctorCheck,
  examination: Examination,
  limitMs = checkMs,
): Promise<readonly CheckLine[]> {
  try {
    await examination.store;
    const lines = await inTime(run(examination), limitMs);
    return lines.map((line) => ({ group, ...line }));
  } catch (error) {
    const { what, mend } = describeFailure(error);
    return [{ group, ...broken(name, what, mend) }];
  }
}
