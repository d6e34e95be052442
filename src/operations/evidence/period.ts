import { z } from 'zod';
import { RequestRefused } from '../../record/store/errors.ts';
import { parseTimeEnd, type TimeEnd, timeEndForm } from '../recording/time-end.ts';

const end = (which: TimeEnd) =>
  z
    .string()
    .max(100)
    .refine((text) => parseTimeEnd(text, which) !== undefined, timeEndForm);

/** The beginning and the end of a time, each as a day or an instant. */
export const periodFields = { from: end('from'), to: end('to') };

/** The instants of a time. `to` is the first one behind it. */
export function periodOf({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}) {
  return {
    from: from === undefined ? undefined : parseTimeEnd(from, 'from'),
    to: to === undefined ? undefined : parseTimeEnd(to, 'to'),
  };
}

/** The instants of a time that has both ends. Throws `RequestRefused` if it ends before it begins. */
export function wholePeriodOf({ from, to }: { readonly from: string; readonly to: string }) {
  const period = periodOf({ from, to });
  if (period.from === undefined || period.to === undefined || period.from >= period.to) {
    throw new RequestRefused(`to (${to}) must come after from (${from})`);
  }
  return { from: period.from, to: period.to };
}
