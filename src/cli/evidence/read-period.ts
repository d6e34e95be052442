import { parseTimeEnd, timeEndForm } from '../../operations/recording/time-end.ts';
import { CommandFailed } from '../terminal.ts';

export interface PeriodOptions {
  readonly from?: string;
  readonly to?: string;
}

/** The time that a command names. Throws `CommandFailed` before anything is opened. */
export function readPeriod({ from, to }: PeriodOptions): PeriodOptions {
  const [start, end] = [instantOf('from', from), instantOf('to', to)];
  if (start !== undefined && end !== undefined && start >= end) {
    throw new CommandFailed(`--from ${from} is not before --to ${to}`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function instantOf(which: 'from' | 'to', text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = parseTimeEnd(text, which);
  if (instant === undefined) throw new CommandFailed(`--${which} ${text}: ${timeEndForm}`);
  return instant;
}
