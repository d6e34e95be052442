import type { Hono } from 'hono';
import { z } from 'zod';
import { alertsQuery, outcomeRequest, retryRequest } from '../operations/alerts-request.ts';
import type { Operations } from '../operations/operations.ts';
import { RequestRefused } from '../record/store/errors.ts';
import { renderAlertsJson } from '../report/json.ts';
import { parse, readBody } from './parse-asked.ts';
import { streamText } from './stream-text.ts';

/** What may be asked about alerts. */
export function addAlerts(api: Hono, use: () => Operations): void {
  api.get('/alerts', async (context) => {
    const { req } = context;
    const { state: states, ...rest } = parse(alertsQuery, {
      ...req.query(),
      state: req.queries('state'),
    });
    const held = await use().readHeldSweeps();
    return streamText(renderAlertsJson(use().readAlerts({ states, ...rest }), held));
  });
  api.get('/held-sweeps', async (context) => context.json({ held: await use().readHeldSweeps() }));
  api.post('/alerts/retries', async (context) =>
    context.json(await use().retryAlerts(parse(retryRequest, await readBody(context.req)))),
  );
  // It reads; ids are too many for an address.
  api.post('/alerts/outcomes', async (context) => {
    const { ids, withinMs } = parse(outcomeRequest, await readBody(context.req));
    return context.json(await use().readOutcome(ids, withinMs));
  });
  api.post('/sweeps/:id/release', async (context) => {
    const id = z.uuid().safeParse(context.req.param('id'));
    if (!id.success) throw new RequestRefused('no sweep has this id');
    return context.json({ alerts: await use().releaseSweep(id.data) });
  });
}
