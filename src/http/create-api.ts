import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { InvalidPolicy } from '../evaluate/policy/parse-policy.ts';
import { severities } from '../evaluate/policy/policy.ts';
import { acknowledgement, auditRequest, sweepRequest } from '../operations/audit-request.ts';
import { backtestRequest } from '../operations/backtest-request.ts';
import type { Operations } from '../operations/operations.ts';
import { RequestRefused } from '../record/store/errors.ts';
import { renderFindingsJson, renderJson, renderKeysJson } from '../report/json.ts';
import { addAlerts } from './alerts-api.ts';
import { parse, readBody } from './parse-asked.ts';
import { streamBacktest } from './stream-backtest.ts';
import { streamText } from './stream-text.ts';

const statuses = ['open', 'waived', 'resolved'] as const;
const findingsQuery = z.strictObject({
  status: z.array(z.enum(statuses)).optional(),
  severity: z.enum(severities).default('info'),
});

const mostBodyBytes = 4 * 1_024 * 1_024;

/** The API under `/api/v1`. Without `operations`, before the store is open and after: 503. */
export function createApi(operations: () => Operations | undefined): Hono {
  const api = new Hono();
  const use = (): Operations => {
    const ready = operations();
    if (ready === undefined) throw new HTTPException(503, { message: 'the store is not open' });
    return ready;
  };
  api.use(bodyLimit({ maxSize: mostBodyBytes }));
  addRequests(api, use);
  addReads(api, use);
  addAlerts(api, use);
  api.notFound((context) => context.json({ error: 'not found' }, 404));
  api.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status);
    if (error instanceof RequestRefused || error instanceof InvalidPolicy) {
      return context.json({ error: error.message }, 422);
    }
    return context.json({ error: 'internal error' }, 500);
  });
  return api;
}

function addRequests(api: Hono, use: () => Operations): void {
  api.post('/sweeps', async (context) => {
    const request = { ...parse(sweepRequest, await readBody(context.req)), keys: undefined };
    return context.json({ request: await use().requestAudit(request, once(context)) }, 202);
  });
  api.post('/audits', async (context) => {
    const request = parse(auditRequest, await readBody(context.req));
    return context.json({ request: await use().requestAudit(request, once(context)) }, 202);
  });
  api.post('/findings/:fingerprint/acknowledgement', async (context) => {
    const { by, reason } = parse(acknowledgement, await readBody(context.req));
    await use().acknowledge({ fingerprint: context.req.param('fingerprint'), by, reason });
    return context.json({ acknowledged: context.req.param('fingerprint') });
  });
  api.get('/requests/:id', async (context) => {
    const progress = await readOf(context, (id) => use().readProgress(id));
    return progress === undefined ? context.notFound() : context.json(progress);
  });
  api.get('/requests/:id/pending', async (context) => {
    const pending = await readOf(context, (id) => use().readPending(id));
    return pending === undefined ? context.notFound() : context.json(pending);
  });
}

/** Of a request; one that is named by no id of ours is not there. */
async function readOf<T>(
  { req }: Context,
  read: (id: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  const id = z.uuid().safeParse(req.param('id'));
  return id.success ? read(id.data) : undefined;
}

/** Who asks again because it got no answer says so with the same key. */
function once({ req }: Context): string | undefined {
  return parse(z.string().min(1).max(255).optional(), req.header('idempotency-key'));
}

function addReads(api: Hono, use: () => Operations): void {
  api.get('/sweeps', async (context) => context.json({ sweeps: await use().listSweeps() }));
  api.get('/sweeps/:id', async (context) => {
    const id = context.req.param('id');
    const report = await use().readReport(id === 'last' ? undefined : id);
    return report === undefined ? context.notFound() : streamText(renderJson(report));
  });
  api.get('/findings', (context) => {
    const query = parse(findingsQuery, {
      status: context.req.queries('status'),
      severity: context.req.query('severity'),
    });
    const filter = { statuses: query.status ?? statuses, severity: query.severity };
    return streamText(renderFindingsJson(use().readFindings(filter)));
  });
  // It reads; what it is asked with is too long for an address.
  api.post('/backtests', async (context) => {
    const request = parse(backtestRequest, await readBody(context.req));
    const found = await use().backtest(request);
    return found === undefined ? context.json(null) : streamText(streamBacktest(found));
  });
  api.get('/keys', () => streamText(renderKeysJson(use().readKeys())));
  api.get('/keys/:id', async (context) => {
    const found = await use().findKeys(context.req.param('id'), context.req.query('source'));
    return context.json({ keys: found });
  });
}
