import { STATUS_CODES } from 'node:http';

/** Problem details of RFC 9457. `headers` go with the answer. */
export interface Problem {
  readonly status: number;
  /** A sentence about this request. */
  readonly detail: string;
  /** For programs: `KEYSWEEP_…`. */
  readonly code?: string | undefined;
  /** The name of this one occurrence, which stands in the log too. */
  readonly instance?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by routes; the site answers it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code = 'KEYSWEEP_PROBLEM';
  readonly retryable = false;
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The answer where no route is. */
export const nothingHere: Problem = { status: 404, detail: 'there is nothing at this address' };

export const problemType = 'application/problem+json';

/** The body of a problem, as JSON. */
export function renderProblem({ status, detail, code, instance }: Problem): string {
  const title = STATUS_CODES[status] ?? 'Error';
  return `${JSON.stringify({ type: 'about:blank', title, status, detail, code, instance })}\n`;
}

export function answerProblem(problem: Problem): Response {
  return new Response(renderProblem(problem), {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': problemType, 'cache-control': 'no-store' },
  });
}
