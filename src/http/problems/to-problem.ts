import { HTTPException } from 'hono/http-exception';
import { BacktestEnded } from '../../backtest/errors.ts';
import { InvalidPolicy } from '../../evaluate/policy/parse-policy.ts';
import { databaseAwayCode } from '../../operations/answers.ts';
import { AccessRefused } from '../../operations/caller.ts';
import { RequestRefused, StoreUnusable } from '../../record/store/errors.ts';
import { isPassingFailure } from '../../record/store/is-passing-failure.ts';
import { isRefusedData } from '../../record/store/is-refused-data.ts';
import { type Problem, ProblemError } from './problem.ts';

const soon = { 'retry-after': '5' };

/** The problem that an error means for the client. Undefined for one that nobody expected. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof HTTPException) return { status: error.status, detail: error.message };
  if (error instanceof AccessRefused) {
    return { status: 403, detail: error.message, code: error.code };
  }
  if (error instanceof RequestRefused || error instanceof InvalidPolicy) {
    const isFilter = error instanceof RequestRefused && error.part === 'filter';
    return { status: isFilter ? 400 : 422, detail: error.message, code: error.code };
  }
  if (error instanceof BacktestEnded) {
    return { status: 422, detail: error.message, code: error.code };
  }
  return toStoreProblem(error);
}

function toStoreProblem(error: unknown): Problem | undefined {
  // As where this process leaves: the next one that opens the store answers, or says why it cannot.
  if (error instanceof StoreUnusable) {
    return { status: 503, detail: error.message, code: error.code, headers: soon };
  }
  if (isPassingFailure(error)) {
    const detail = 'the database does not serve us now';
    return { status: 503, detail, code: databaseAwayCode, headers: soon };
  }
  if (isRefusedData(error)) {
    return { status: 400, detail: 'the request holds text that the database cannot take' };
  }
  return undefined;
}
