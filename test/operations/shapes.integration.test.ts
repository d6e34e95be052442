import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import { signRotation } from '../../src/evidence/log/key-rotation.ts';
import { signingKeyOf } from '../../src/evidence/log/signing-key.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import { fingerprint } from '../../src/keys/fingerprint.ts';
import { type OperationName, registry } from '../../src/operations/index.ts';
import type { AnyOperation, DataOperation } from '../../src/operations/operation.ts';
import { nobodyListens } from '../alert/channels/nobody-listens.ts';
import { anApi } from '../http/api/an-api.ts';
import { anAlert } from '../record/an-alert.ts';
import { aReview } from '../record/reviews/a-review.ts';
import { describeStores } from '../record/stores.ts';
import { aSource, aTrackedKey, inputs, open, run, type Saying, sweep } from '../record/world.ts';

const rules = `
  - { id: stale, type: stale, after: 45d, severity: high, controls: ["C 1"] }
  - { id: old, type: too-old, after: 90d, severity: medium }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
waivers:
  - { id: W-2, rule: stale, match: { tags: [t] }, reason: r, requestedBy: a, approvedBy: [b, c],
      expires: 2999-01-31 }
  - { id: W-1, rule: old, keys: [{ source: x, keyId: y }], reason: r, requestedBy: a,
      approvedBy: it, expires: 2027-01-31 }
`;

function dataOf(name: OperationName): DataOperation {
  const operation: AnyOperation = registry[name];
  if ('file' in operation) throw new Error(`${name} answers with a file`);
  return operation;
}

/** A shape drops the fields that it lacks, so what is left must be what came. */
function expectShape(shape: z.ZodType, json: unknown, what: string): void {
  const read = shape.safeParse(json);
  expect(read.error?.issues ?? [], what).toEqual([]);
  expect(read.data, what).toEqual(json);
}

describeStores('what operations answer', (get) => {
  const asked = new Set<string>();

  /** Asks over HTTP, and compares the answer with the shape of the operation. */
  const check = async (
    api: Awaited<ReturnType<typeof anApi>>,
    name: OperationName,
    path: string,
    body?: object,
  ) => {
    const operation = dataOf(name);
    const { method, shape } = operation;
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers };
    const answer = await api.ask(path, { method, ...sent });
    const json = (await answer.json()) as { items: unknown[]; next: unknown };
    expect(answer.status, `${name}: ${JSON.stringify(json)}`).toBeLessThan(300);
    const isList = 'items' in operation || operation.answer.isList === true;
    if (!isList) expectShape(shape, json, name);
    else {
      expect(json.items.length, name).toBeGreaterThan(0);
      for (const item of json.items) expectShape(shape, item, name);
      expect(json.next === null || typeof json.next === 'string').toBe(true);
    }
    asked.add(name);
    return json as unknown as Record<string, unknown>;
  };

  test('has the shape that the description of the API promises', async () => {
    const source = aSource();
    const keys = ['k0', 'k1', 'k2', 'k3'].map((id) => aTrackedKey(id, { source, tags: ['t'] }));
    const using = inputs(keys, rules);
    const said: Record<string, Saying> = {
      k0: { breaks: ['stale', 'woke'], details: { lastUsed: null } },
      k1: { unknown: true },
      k2: { unjudged: ['old'], details: { lastUsed: undefined, scopes: undefined } },
      k3: { missing: true },
    };
    await sweep(get(), using);
    const { sweepId } = await sweep(get(), using, said);
    await anAlert(get(), { channel: 'siem', state: 'failed', detail: 'answered 503' });
    await anAlert(get(), { channel: 'siem' }, [1]);
    const policy = { text: using.policy.text, hash: 'h', policy: parsePolicy(using.policy.text) };
    const api = await anApi(
      get(),
      {
        ...{ inventory: keepKeys(keys), policy, approvals: 'signed-in' },
        reviews: [aReview({ of: { source: [source] } })],
      },
      'operator',
      nobodyListens(),
    );
    onTestFinished(api.close);
    const asksFor = (name: OperationName, path: string, body?: object) =>
      check(api, name, path, body);

    const { request } = await asksFor('sweep', 'sweeps', { reason: 'why' });
    await asksFor('audit', 'audits', { keys: [{ source, keyId: 'k0' }] });
    await asksFor('progress', `requests/${request}`);
    const opened = await open(get(), using);
    await run(
      get(),
      `update keysweep.request set sweep_id = (
         select id from keysweep.sweep where uuid = '${opened.sweepId}') where id = '${request}';
       insert into keysweep.source_wait (source, until, probe_at, reason, detail)
         values ('${source}', now() + interval '9 hours', now() + interval '1 minute', 1, 'why');
       update keysweep.sweep_batch set asked_again_at = now(),
         waits_for = '{"keyId":"k0","reason":"timeout","detail":"no answer"}'
       where done_at is null`,
    );
    expect(await asksFor('progress', `requests/${request}`)).toMatchObject({
      waits: { away: [{ source }], askedAgain: { keyId: 'k0' } },
    });
    await asksFor('pending', `requests/${request}/pending`);
    await asksFor('sweeps', 'sweeps');
    await asksFor('stopSweep', `sweeps/${opened.sweepId}`);
    await asksFor('report', `sweeps/${sweepId}`);
    const { items: found } = await asksFor('findings', 'findings');
    const waits = { waitsFor: [{ waiver: 'W-2', approvers: ['b', 'c'] }] };
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining(waits)]));
    const print = fingerprint(source, 'k0', 'woke');
    await asksFor('acknowledge', `findings/${print}/acknowledge`, { by: 'ann', reason: 'known' });
    await asksFor('findings', 'findings');
    await asksFor('keys', 'keys');
    await asksFor('findKeys', 'keys/k0');
    for (const id of ['k0', 'k1', 'k2', 'k3']) await asksFor('keyHistory', `keys/${source}/${id}`);
    const alerts = (await asksFor('alerts', 'alerts')) as unknown as { items: { id: string }[] };
    const ids = alerts.items.map(({ id }) => id);
    await asksFor('outcome', 'alerts/outcomes', { ids, withinMs: 0 });
    const [failed] = (await asksFor('alerts', 'alerts?state=failed'))['items'] as { id: string }[];
    await asksFor('retryAlert', `alerts/${failed?.id}/retry`, {});
    await asksFor('retryAlerts', 'alerts/retries', { kind: 'failed' });
    const text = using.policy.text.replace('45d', '400d').replace('90d', '1d');
    await asksFor('testChannel', 'channels/siem/test', {});
    await asksFor('waivers', 'waivers');
    await asksFor('approveWaiver', 'waivers/W-1/approve', {});
    await asksFor('waivers', 'waivers');
    await asksFor('backtest', 'backtests', {
      policy: text,
      sweeps: { kind: 'since', ms: 3_600_000 },
    });
    await run(get(), `update keysweep.sweep set pass = pass + 1 where uuid = '${sweepId}'`);
    await asksFor('keyProof', `evidence/proof?sweep=${sweepId}&key=${source}/k0`);
    await asksFor('evidenceSummary', 'evidence/summary?from=2026-01-01&to=2999-01-01');
    await asksFor('evidenceCheck', 'evidence/check?from=2026-01-01');
    await run(get(), `update keysweep.sweep set held = 'held' where uuid = '${sweepId}'`);
    await run(get(), `update keysweep.finding_event set planned_at = null`);
    await asksFor('heldSweeps', 'held-sweeps');
    await asksFor('release', `sweeps/${sweepId}/release`, {});
    const started = await asksFor('startReview', 'reviews', { review: 'quarterly' });
    const id = started['review'];
    await asksFor('remindReview', `reviews/${id}/remind`, {});
    const decided = ['keep', 'revoke'].map((decision, n) => ({
      ...{ source, keyId: `k${n}`, decision, reason: 'known' },
    }));
    await asksFor('decideReview', `reviews/${id}/decisions`, { decisions: decided });
    await asksFor('reviewKeys', `reviews/${id}/keys`);
    await asksFor('withdrawReviewLinks', `reviews/${id}/withdraw`, { reviewer: 'ann' });
    const other = await asksFor('startReview', 'reviews', { review: 'quarterly', by: 'boss' });
    await asksFor('closeReview', `reviews/${other['review']}/close`, { reason: 'over' });
    await run(
      get(),
      `update keysweep.review_decision set decided_as = decided_as || '{"by":"ann"}'`,
    );
    await asksFor('signOffReview', `reviews/${id}/sign-off`, { reason: 'seen' });
    await asksFor('review', `reviews/${id}`);
    await asksFor('reviews', 'reviews');
    const [old, next] = [1, 2].map((n) => signingKeyOf('keysweep/test', 1, Buffer.alloc(32, n)));
    if (old !== undefined && next !== undefined) {
      await asksFor('rotateKey', 'evidence/keys', signRotation(old, next));
    }
    await asksFor('auditLog', 'audit-log');
    await asksFor('storeFacts', 'store-facts?schedules=nightly');
    const data = Object.entries(registry).filter(([, operation]) => !('file' in operation));
    expect(data.map(([name]) => name).filter((name) => !asked.has(name))).toEqual([]);
  });
});
