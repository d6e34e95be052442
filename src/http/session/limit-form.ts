import { bodyLimit } from 'hono/body-limit';
import { ProblemError } from '../problems/problem.ts';

const mostFormBytes = 2 * 1_024 * 1_024;

/** Refuses a form that is too long before it is in memory. */
export const limitForm = bodyLimit({
  maxSize: mostFormBytes,
  onError() {
    throw new ProblemError({ status: 413, detail: `the form is over ${mostFormBytes} bytes` });
  },
});
