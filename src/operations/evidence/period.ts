import { z } from 'zod';
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
