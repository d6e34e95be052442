import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { UIConfig } from '@bull-board/api/typings/app';
import type { Queue } from 'bullmq';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { boundInput, isSecretName } from '../../operations/recording/bound-input.ts';
import { type NoteDenied, permit } from '../../operations/recording/permit.ts';
import type { QueueBackend } from '../../queue/backend.ts';
import { inTime } from '../../timing/in-time.ts';
import type { CallerEnv } from '../caller-env.ts';
import { nothingHere, ProblemError } from '../problems/problem.ts';
import { assertSignedIn } from '../session/assert-signed-in.ts';
import { createBoardAdapter, type GivenBoard } from './board-adapter.ts';
import { queueBoardPath } from './queue-board-path.ts';
import { readBoardFiles } from './read-board-files.ts';
import { findPageFiles, renderBoardPage } from './render-board-page.ts';

export interface QueueBoardParts {
  /** Closed by whoever opened them. */
  readonly queues: readonly Queue[];
  readonly backend: Pick<QueueBackend, 'codeOf'>;
  /** Hears of what a role does not permit. */
  readonly noteDenied: NoteDenied;
}

/** As `protectPages`, and the page has a base, from which its script finds its files. */
const contentPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join('; ');

const uiConfig: UIConfig = {
  boardTitle: 'keysweep queue',
  miscLinks: [{ text: 'keysweep', url: '/' }],
  hideDocsLink: true,
  locale: { lng: 'en-US' },
  // Both ask Redis for what its user may not be permitted to ask.
  hideRedisDetails: true,
  showWorkers: false,
};

/** bull-board under `/queue-board`: the jobs of these queues, for operators, to read only. */
export function createQueueBoard(parts: QueueBoardParts): Hono<CallerEnv> {
  const { queues, backend, noteDenied } = parts;
  const { adapter, given } = createBoardAdapter();
  const shown = queues.map(asReadOnly);
  createBullBoard({ queues: shown, serverAdapter: adapter, options: { uiConfig } });
  const board = new Hono<CallerEnv>();
  board.use(`${queueBoardPath}/*`, async (context, next) => {
    const caller = assertSignedIn(context);
    permit(caller, { what: 'queueBoard', access: 'queue' }, noteDenied);
    context.header('content-security-policy', contentPolicy);
    await next();
  });
  addFiles(board, given);
  addPage(board, given);
  for (const { path, handler } of given.routes) {
    board.get(`${queueBoardPath}${path}`, (context) => answer(context, backend, given, handler));
  }
  return board;
}

function asReadOnly(queue: Queue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, { readOnlyMode: true });
  for (const field of ['data', 'returnValue', 'progress'] as const) {
    adapter.setFormatter(field, boundField);
  }
  return adapter;
}

/** Any program may add jobs, with anything in them. */
function boundField(value: unknown): unknown {
  if (typeof value === 'number' || value === null || value === undefined) return value;
  const isPlain = typeof value === 'object' && !Array.isArray(value);
  return boundInput(isPlain ? value : { value });
}

function addFiles(board: Hono<CallerEnv>, { files: folder }: GivenBoard): void {
  const files = readBoardFiles(folder);
  const at = `${queueBoardPath}/static/`;
  board.get(`${at}*`, ({ req, body, header }) => {
    const file = files.get(req.path.slice(at.length));
    if (file === undefined) throw new ProblemError(nothingHere);
    header('cache-control', 'private, max-age=86400');
    return body(file.read(), 200, { 'content-type': file.type });
  });
}

function addPage(board: Hono<CallerEnv>, { templates, pagePaths, uiConfig }: GivenBoard): void {
  const files = findPageFiles(readFileSync(join(templates, 'index.ejs'), 'utf8'));
  const page = renderBoardPage(files, queueBoardPath, uiConfig);
  for (const path of ['', ...pagePaths]) {
    board.get(`${queueBoardPath}${path}`, (context) => context.html(page));
  }
}

const longestMs = 10_000;

async function answer(
  context: Context<CallerEnv>,
  backend: QueueBoardParts['backend'],
  { queues, uiConfig }: GivenBoard,
  handler: GivenBoard['routes'][number]['handler'],
): Promise<Response> {
  const { req } = context;
  const asked = {
    queues,
    uiConfig,
    params: req.param(),
    query: req.query(),
    body: {},
    headers: {},
  };
  try {
    const { status = 200, body } = await inTime(Promise.resolve(handler(asked)), longestMs);
    const json = JSON.stringify(body, (name, value) => (isSecretName(name) ? '(hidden)' : value));
    return context.body(json, status as ContentfulStatusCode, {
      'content-type': 'application/json',
    });
  } catch (error) {
    const detail = `the queue does not answer (${backend.codeOf(error)})`;
    throw new ProblemError({ status: 503, detail, headers: { 'retry-after': '5' } });
  }
}
