import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { absentCode, writeItems } from '../../operations/answers.ts';
import type { Caller } from '../../operations/caller.ts';
import { type OperationName, type Operations, registry } from '../../operations/index.ts';
import type { OperationsFor } from '../../operations/local.ts';
import type { AnyOperation, FileOperation } from '../../operations/operation.ts';
import { type PagedList, pageAsked } from '../../operations/paged-list.ts';
import { type NoteDenied, permit } from '../../operations/recording/permit.ts';
import type { CallerEnv } from '../caller-env.ts';
import { logCutAnswer } from '../problems/answer-failure.ts';
import { ProblemError } from '../problems/problem.ts';
import { answerValue } from './answer-value.ts';
import { describeApi } from './openapi/describe-api.ts';
import { parse, readInput } from './parse-asked.ts';
import { refuseOtherMethods } from './refuse-other-methods.ts';
import { streamText } from './stream-text.ts';

export interface ApiParts {
  /** Undefined while the store is not open yet, or not open any more; then the API answers 503. */
  readonly operationsFor: () => OperationsFor | undefined;
  readonly log: Logger;
  /** Hears of what a role does not permit. */
  readonly noteDenied?: NoteDenied;
}

type AnyValueOperation = Exclude<AnyOperation, { items: unknown } | { file: unknown }>;

const mostBodyBytes = 4 * 1_024 * 1_024;

/**
 * The API under `/api/v1`: a route for each operation of the registry. Whoever mounts it says who
 * the caller is, and answers what it throws.
 */
export function createApi({
  operationsFor,
  log,
  noteDenied = () => undefined,
}: ApiParts): Hono<CallerEnv> {
  const api = new Hono<CallerEnv>();
  const limitBody = bodyLimit({
    maxSize: mostBodyBytes,
    onError() {
      throw new ProblemError({ status: 413, detail: `the body is over ${mostBodyBytes} bytes` });
    },
  });
  api.get('/openapi.json', (context) => {
    assertCaller(context);
    return context.json(describeApi());
  });
  for (const [name, operation] of Object.entries(registry)) {
    api.on(operation.method, pathOf(operation), async (context) => {
      const caller = assertCaller(context);
      permit(caller, { what: name, access: operation.access }, noteDenied);
      const ready = operationsFor();
      if (ready === undefined) throw storeNotOpen;
      await limitBody(context, async () => undefined);
      const cut = (error: unknown) => {
        logCutAnswer(log, error, context);
        context.env.outgoing.destroy();
      };
      return answer(context, operation, ready(caller)[name as OperationName], cut);
    });
  }
  return refuseOtherMethods(api);
}

const storeNotOpen = new ProblemError({
  status: 503,
  detail: 'the store is not open',
  headers: { 'retry-after': '1' },
});

function pathOf({ path }: AnyOperation): string {
  return `/${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
}

function assertCaller(context: Context<CallerEnv>): Caller {
  const caller = context.get('caller');
  if (caller !== undefined) return caller;
  throw new ProblemError({
    status: 401,
    detail: 'send a token: Authorization: Bearer …',
    headers: { 'www-authenticate': 'Bearer realm="keysweep"' },
  });
}

async function answer(
  context: Context,
  operation: AnyOperation,
  operate: Operations[OperationName],
  cut: (error: unknown) => void,
): Promise<Response> {
  const given = await readInput(context);
  if ('items' in operation) {
    const { limit, cursor, ...filter } = parse(pageAsked, given);
    const list = (operate as (input: unknown) => PagedList<unknown>)(
      parse(operation.input, filter),
    );
    return streamText(writeItems(await list.page({ limit, cursor }), operation.items.write), {
      cut,
    });
  }
  if ('file' in operation) {
    return answerFile(operation, parse(operation.input, given), operate, cut);
  }
  const { format, input } = splitFormat(operation, given);
  const call = operate as (input: unknown, once?: string) => Promise<unknown>;
  const value = await call(parse(operation.input, input), once(context));
  if (value === undefined || value === null) {
    throw new ProblemError({ status: 404, detail: 'there is no such thing', code: absentCode });
  }
  const { answer: how, status = 200 } = operation;
  return answerValue(context, { answer: how, format, value }, { status, cut });
}

async function answerFile(
  { file }: FileOperation<unknown>,
  input: unknown,
  operate: unknown,
  cut: (error: unknown) => void,
): Promise<Response> {
  const write = operate as (input: unknown) => Promise<AsyncIterable<Uint8Array> | undefined>;
  const pieces = await write(input);
  if (pieces === undefined) {
    throw new ProblemError({ status: 404, detail: 'there is no such thing', code: absentCode });
  }
  const name = file.name?.(input);
  const saved = { 'content-disposition': `attachment; filename="${name}"` };
  const headers = { 'content-type': file.type, ...(name === undefined ? {} : saved) };
  return streamText(pieces, { headers, cut });
}

/** `format` is a field of the question only where there are several. */
function splitFormat({ answer: { forms } }: AnyValueOperation, given: unknown) {
  if (forms === undefined) return { format: undefined, input: given };
  const { format, ...input } = parse(z.looseObject({ format: z.unknown().optional() }), given);
  return { format, input };
}

/** A client that got no answer repeats its request with the same key. */
function once({ req }: Context): string | undefined {
  return parse(z.string().min(1).max(255).optional(), req.header('idempotency-key'));
}
