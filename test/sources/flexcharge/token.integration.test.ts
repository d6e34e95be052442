import { expect, test } from 'vitest';
import { context, fleetKey, freePace, sandboxWith, sourceFor } from './source-for.ts';

const ids = Array.from({ length: 50 }, (_, index) => `key_${index}`);
const fleet = ids.map((id) => fleetKey({ id }));

test('50 calls at once share one token request', async () => {
  const sandbox = await sandboxWith({ fleet });
  const source = sourceFor(sandbox.url, { config: { concurrency: 50 } });
  const answers = await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(answers.every(({ kind }) => kind === 'observed')).toBe(true);
  expect(sandbox.requests).toMatchObject({ token: 1, key: 50 });
});

test('the token is reused until shortly before its end, then renewed once for all', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ fleet, tokenLifeMs: 600_000 });
  const source = sourceFor(sandbox.url, { ticks: () => ticks });
  await source.observe('key_0', context());
  ticks = 569_000;
  await source.observe('key_0', context());
  expect(sandbox.requests.token).toBe(1);

  ticks = 571_000;
  const answers = await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(sandbox.requests).toMatchObject({ token: 2, key: 52 });
  expect(answers.every(({ kind }) => kind === 'observed')).toBe(true);
});

test('a short-lived token is renewed before its last tenth', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ tokenLifeMs: 60_000 });
  const source = sourceFor(sandbox.url, { ticks: () => ticks });
  await source.observe('key_abc123', context());
  ticks = 53_000;
  await source.observe('key_abc123', context());
  expect(sandbox.requests.token).toBe(1);
  ticks = 54_100;
  await source.observe('key_abc123', context());
  expect(sandbox.requests.token).toBe(2);
});

test('a permit that waited for a new token is not used: all who waited would ask at once', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ tokenLifeMs: 60_000 });
  const pace = freePace();
  const ending = {
    ...pace,
    async take() {
      pace.taken += 1;
      if (pace.taken === 2) ticks = 60_000;
    },
  };
  const source = sourceFor(sandbox.url, { ticks: () => ticks, paceMaker: ending });
  await source.observe('key_abc123', context());
  expect(pace.taken).toBe(1);
  await source.observe('key_abc123', context());
  expect(sandbox.requests).toMatchObject({ token: 2, key: 2 });
  expect(pace.taken).toBe(3);
});

test('a nonsense expires is taken for five minutes', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ faults: ['token-bad-expires'] });
  const source = sourceFor(sandbox.url, { ticks: () => ticks });
  await source.observe('key_abc123', context());
  ticks = 269_000;
  await source.observe('key_abc123', context());
  expect(sandbox.requests.token).toBe(1);
  ticks = 270_100;
  await source.observe('key_abc123', context());
  expect(sandbox.requests.token).toBe(2);
});

test('tokens revoked under way are renewed once for all calls in flight', async () => {
  const sandbox = await sandboxWith({ fleet });
  const source = sourceFor(sandbox.url, { config: { concurrency: 50 } });
  await source.observe('key_0', context());
  sandbox.revokeTokens();
  const answers = await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(answers.map(({ kind }) => kind)).toEqual(ids.map(() => 'observed'));
  expect(answers).toMatchObject(ids.map(() => ({ observation: { kind: 'present' } })));
  expect(sandbox.requests.token).toBe(2);
});

test('a single 401 costs one renewal, and the key is read', async () => {
  const sandbox = await sandboxWith({ faults: ['401-once'] });
  const source = sourceFor(sandbox.url);
  const answer = await source.observe('key_abc123', context());
  expect(answer).toMatchObject({ observation: { kind: 'present' } });
  expect(sandbox.requests).toMatchObject({ token: 2, key: 2 });
});

test('after a renewal that helped, tokens revoked again are renewed again', async () => {
  const sandbox = await sandboxWith();
  const source = sourceFor(sandbox.url);
  for (let round = 1; round <= 4; round += 1) {
    const answer = await source.observe('key_abc123', context());
    expect(answer).toMatchObject({ observation: { kind: 'present' } });
    expect(sandbox.requests.token).toBe(round);
    sandbox.revokeTokens();
  }
});

const many = Array.from({ length: 1_000 }, (_, index) => fleetKey({ id: `key_${index}` }));

test.each([
  ['from the start', 0, 0],
  ['after the 100th key', 100, 1],
])(
  '401 for ever %s refuses the source for the sweep, after few requests',
  async (_, before, tokens) => {
    const sandbox = await sandboxWith({ fleet: many });
    const source = sourceFor(sandbox.url, { config: { concurrency: 10 } });
    const observe = (keys: readonly { id: unknown }[], sweep: string) =>
      Promise.all(keys.map(({ id }) => source.observe(String(id), context({ sweep }))));
    const read = await observe(many.slice(0, before), 'sweep-1');
    expect(read).toMatchObject(read.map(() => ({ observation: { kind: 'present' } })));
    expect(sandbox.requests).toMatchObject({ token: tokens, key: before });

    sandbox.setFault('401');
    const refused = await observe(many.slice(before), 'sweep-1');
    const observation = { kind: 'unknown', reason: 'unauthorized' };
    expect(refused).toMatchObject(refused.map(() => ({ kind: 'observed', observation })));
    expect(
      refused.filter(({ kind, ...rest }) => 'refusesAll' in rest && rest.refusesAll).length,
    ).toBeGreaterThan(refused.length - 10);
    expect(sandbox.requests.key - before).toBeLessThanOrEqual(20);
    expect(sandbox.requests.token).toBe(2);

    await observe(many.slice(0, 50), 'sweep-2');
    expect(sandbox.requests.key - before).toBeLessThanOrEqual(40);
    expect(sandbox.requests.token).toBe(3);
    sandbox.clearFaults();
    const night = await observe(many.slice(0, 50), 'sweep-3');
    expect(night).toMatchObject(night.map(() => ({ observation: { kind: 'present' } })));
  },
);

test('two keys in a row that are refused from the start stay their own matter', async () => {
  const sandbox = await sandboxWith({ fleet, faults: ['401:key_0', '401:key_1', '401:key_3'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 } });
  const kinds: string[] = [];
  for (const id of ids) {
    const answer = await source.observe(id, context());
    if (answer.kind === 'observed' && !answer.refusesAll) kinds.push(answer.observation.kind);
  }
  expect(kinds.filter((kind) => kind === 'unknown')).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'present')).toHaveLength(47);
});

test('tokens revoked after a renewal in vain cost two keys, not all of them', async () => {
  const sandbox = await sandboxWith({ fleet, faults: ['401:key_0'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 } });
  const kinds: string[] = [];
  for (const id of ids) {
    if (id === 'key_10') sandbox.revokeTokens();
    const answer = await source.observe(id, context());
    if (answer.kind === 'observed') kinds.push(answer.observation.kind);
  }
  expect(kinds.filter((kind) => kind === 'unknown')).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'present')).toHaveLength(47);
});

test('one key that is always refused does not spoil the others, nor renew for each of its kind', async () => {
  const sandbox = await sandboxWith({ fleet, faults: ['401:key_3', '401:key_7', '401:key_9'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 } });
  const reasons: string[] = [];
  for (const id of ids) {
    const answer = await source.observe(id, context());
    if (answer.kind === 'observed') reasons.push(answer.observation.kind);
  }
  expect(reasons.filter((kind) => kind === 'unknown')).toHaveLength(3);
  expect(reasons.filter((kind) => kind === 'present')).toHaveLength(47);
  expect(sandbox.requests.token).toBe(2);
});

test('wrong credentials are tried once a sweep, and no key is asked for', async () => {
  const paceMaker = freePace();
  const sandbox = await sandboxWith({ fleet });
  const credentials = { appKey: 'demo-app-key', appSecret: 'wrong' };
  const source = sourceFor(sandbox.url, { credentials, paceMaker });
  const answers = await Promise.all(ids.map((id) => source.observe(id, context())));
  const observation = {
    kind: 'unknown',
    reason: 'unauthorized',
    detail: 'the credentials were refused (HTTP 400)',
  };
  expect(answers).toMatchObject(
    ids.map(() => ({ kind: 'observed', observation, refusesAll: true })),
  );
  expect(sandbox.requests).toMatchObject({ token: 1, key: 0 });
  expect(paceMaker.taken).toBe(0);

  await source.observe('key_0', context({ sweep: 'sweep-2' }));
  expect(sandbox.requests.token).toBe(2);
});

test.each([
  ['token-403', 'forbidden'],
  ['token-302', 'vendor-error'],
])('%s is for good, and tried once a sweep', async (fault, reason) => {
  const sandbox = await sandboxWith({ fleet, faults: [fault] });
  const source = sourceFor(sandbox.url);
  for (const id of ids.slice(0, 5)) {
    const answer = await source.observe(id, context());
    expect(answer).toMatchObject({ kind: 'observed', observation: { reason } });
  }
  expect(sandbox.requests).toMatchObject({ token: 1, key: 0 });
});

test.each([
  ['token-500', 'vendor-error', true],
  ['token-html', 'invalid-response', true],
  ['token-reset', 'unreachable', true],
  ['token-hang', 'timeout', true],
  ['token-failed-200', 'vendor-error', true],
  ['token-429=3s', 'rate-limited', false],
])('%s passes its own reason on, and is not hammered', async (fault, reason, counts) => {
  const sandbox = await sandboxWith({ fleet, faults: [fault] });
  const source = sourceFor(sandbox.url, { config: { timeoutMs: 300 }, ticks: () => 0 });
  const answers = await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(answers).toMatchObject(ids.map(() => ({ kind: 'unanswered', reason, counts })));
  expect(sandbox.requests).toMatchObject({ token: 1, key: 0 });
});

test('a token endpoint that says when to come back holds everybody back, once', async () => {
  const paceMaker = freePace();
  const sandbox = await sandboxWith({ fleet, faults: ['token-429=3s'] });
  const source = sourceFor(sandbox.url, { paceMaker });
  await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(paceMaker.pauses).toEqual([3_000]);
});

test('a caller who gives up leaves the token request to the others', async () => {
  const sandbox = await sandboxWith({ fleet, faults: ['token-latency=100ms'] });
  const source = sourceFor(sandbox.url);
  const giving = new AbortController();
  const first = source.observe('key_0', context({ signal: giving.signal }));
  const second = source.observe('key_1', context());
  giving.abort(new Error('shutting down'));
  await expect(first).rejects.toThrow('shutting down');
  expect(await second).toMatchObject({ observation: { kind: 'present' } });
  expect(sandbox.requests.token).toBe(1);
});
