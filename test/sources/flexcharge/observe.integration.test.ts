import { EventEmitter } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { context, fleetKey, freePace, observedAt, sandboxWith, sourceFor } from './source-for.ts';

const id = 'key_abc123';

async function observeUnder(fault: string, timeoutMs = 5_000) {
  const sandbox = await sandboxWith({ faults: [fault] });
  return sourceFor(sandbox.url, { config: { timeoutMs } }).observe(id, context());
}

test('says what the vendor said, stamped with the database’s clock', async () => {
  const sandbox = await sandboxWith();
  const answer = await sourceFor(sandbox.url).observe(id, context({ now: () => observedAt }));
  expect(answer).toEqual({
    kind: 'observed',
    refusesAll: false,
    observation: {
      kind: 'present',
      at: observedAt,
      details: {
        name: 'My API Key',
        type: 'secret',
        scopes: ['customers:read', 'charges:read'],
        createdOn: new Date('2024-11-01T10:00:00Z'),
        lastUsed: new Date('2024-11-15T12:00:00Z'),
        lastFour: '7dc0',
      },
    },
  });
});

test.each(['missing', 'missing-failed'])('“%s” is an answer: missing', async (fault) => {
  expect(await observeUnder(fault)).toMatchObject({
    kind: 'observed',
    refusesAll: false,
    observation: { kind: 'missing' },
  });
});

test('an id that the fleet lacks is missing', async () => {
  const sandbox = await sandboxWith();
  const answer = await sourceFor(sandbox.url).observe('key_gone', context());
  expect(answer).toMatchObject({ kind: 'observed', observation: { kind: 'missing' } });
});

describe('unknown for good', () => {
  test.each([
    ['403', 'forbidden', 'HTTP 403'],
    ['302', 'vendor-error', 'HTTP 302'],
    ['redirect', 'vendor-error', 'HTTP 302'],
    ['400', 'vendor-error', 'HTTP 400'],
    ['409', 'vendor-error', 'HTTP 409'],
    ['410', 'vendor-error', 'HTTP 410'],
  ])('under %s', async (fault, reason, detail) => {
    const answer = await observeUnder(fault);
    const observation = { kind: 'unknown', reason, detail, at: expect.any(Date) };
    expect(answer).toEqual({ kind: 'observed', observation, refusesAll: false });
  });
});

describe('unanswered for a passing reason', () => {
  test.each([
    ['500', 'vendor-error', 'HTTP 500'],
    ['408', 'vendor-error', 'HTTP 408'],
    ['425', 'vendor-error', 'HTTP 425'],
    ['503', 'vendor-error', 'HTTP 503'],
    ['404', 'vendor-error', 'HTTP 404'],
    ['html=502', 'vendor-error', 'HTTP 502'],
    ['html', 'invalid-response', 'HTTP 200 with a body that is no JSON object'],
    ['not-json', 'invalid-response', 'HTTP 200 with a body that is no JSON object'],
    ['cut-body', 'invalid-response', 'HTTP 200 with a cut body'],
    ['oversized', 'invalid-response', 'HTTP 200 with a body over 1 MB'],
    ['failed-200', 'vendor-error', 'FAILED under HTTP 200'],
    ['id-mismatch', 'id-mismatch', 'the answer is not of the id asked for'],
    ['reset', 'unreachable', 'ECONNRESET'],
  ])('under %s', async (fault, reason, detail) => {
    expect(await observeUnder(fault)).toEqual({ kind: 'unanswered', reason, detail, counts: true });
  });

  test.each(['hang', 'slow-body=5s', 'latency=5s'])(
    'under %s: no whole answer in time',
    async (fault) => {
      const startedAt = performance.now();
      const detail = 'no whole answer in time';
      expect(await observeUnder(fault, 250)).toMatchObject({
        reason: 'timeout',
        detail,
        counts: true,
      });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );

  test('a slow body that arrives whole in time is read', async () => {
    const answer = await observeUnder('slow-body=50ms');
    expect(answer).toMatchObject({ observation: { kind: 'present' } });
  });
});

test('fields that cannot be read are left undefined, and the key is present', async () => {
  const sandbox = await sandboxWith({ faults: ['null-scopes', 'bad-dates', 'no-type'] });
  const answer = await sourceFor(sandbox.url).observe(id, context());
  expect(answer).toMatchObject({
    observation: {
      kind: 'present',
      details: { scopes: undefined, createdOn: undefined, lastUsed: undefined, type: undefined },
    },
  });
});

test('snake case and a wrong content type are read all the same', async () => {
  const sandbox = await sandboxWith({ faults: ['snake-case', 'wrong-type'] });
  const answer = await sourceFor(sandbox.url).observe(id, context());
  const createdOn = new Date('2024-11-01T10:00:00Z');
  expect(answer).toMatchObject({ observation: { kind: 'present', details: { createdOn } } });
});

const atInstant = context({ now: () => observedAt });
const later = (ms: number) => new Date(observedAt.getTime() + ms);

describe('a rate limit (it ends the run: steampipe-plugin-aws #1726)', () => {
  test('in seconds holds everybody back and uses up no attempt', async () => {
    const paceMaker = freePace();
    const sandbox = await sandboxWith({ faults: ['429=2s'] });
    const answer = await sourceFor(sandbox.url, { paceMaker }).observe(id, atInstant);
    const detail = 'HTTP 429';
    expect(answer).toEqual({
      kind: 'unanswered',
      reason: 'rate-limited',
      detail,
      counts: false,
      retryAt: later(2_000),
    });
    expect(paceMaker.pauses).toEqual([2_000]);
  });

  test('until a date does the same', async () => {
    const paceMaker = freePace();
    const sandbox = await sandboxWith({ faults: ['429-date=30s'] });
    await sourceFor(sandbox.url, { paceMaker }).observe(id, context());
    expect(paceMaker.pauses).toHaveLength(1);
    expect(paceMaker.pauses[0]).toBeGreaterThanOrEqual(28_000);
    expect(paceMaker.pauses[0]).toBeLessThanOrEqual(31_000);
  });

  test.each([
    ['429=60s', 60_000, undefined],
    ['429=61s', 61_000, 61_000],
    ['429=86400s', 600_000, 86_400_000],
  ])('that is long (%s) is reported and shortened to a probe', async (fault, waitMs, awayMs) => {
    const paceMaker = freePace();
    const sandbox = await sandboxWith({ faults: [fault] });
    const source = sourceFor(sandbox.url, { paceMaker });
    const answer = await source.observe(id, atInstant);
    const retryAt = later(waitMs);
    expect(answer).toMatchObject({ kind: 'unanswered', counts: false, retryAt });
    expect(answer.kind === 'unanswered' && answer.awayMs).toBe(awayMs);
    expect(paceMaker.pauses).toEqual([waitMs]);
  });

  test('until a date far ahead is reported and shortened too', async () => {
    const sandbox = await sandboxWith({ faults: ['429-date=86400s'] });
    const answer = await sourceFor(sandbox.url).observe(id, atInstant);
    expect(answer).toMatchObject({ retryAt: later(600_000) });
    expect(answer.kind === 'unanswered' && answer.awayMs).toBeGreaterThan(86_000_000);
  });

  test('that says nothing of time holds nobody back', async () => {
    const paceMaker = freePace();
    const sandbox = await sandboxWith({ faults: ['429-bare'] });
    const answer = await sourceFor(sandbox.url, { paceMaker }).observe(id, context());
    expect(answer).toEqual({
      kind: 'unanswered',
      reason: 'rate-limited',
      detail: 'HTTP 429',
      counts: false,
    });
    expect(paceMaker.pauses).toEqual([]);
  });
});

test('asks the shared pace once for each key request, and says what is urgent', async () => {
  const urgencies: boolean[] = [];
  const paceMaker = {
    take: async (_signal: AbortSignal, urgent: boolean) => void urgencies.push(urgent),
    pause: async () => {},
  };
  const sandbox = await sandboxWith({ faults: ['401-once'] });
  const source = sourceFor(sandbox.url, { paceMaker });
  await source.observe(id, context());
  await source.observe(id, context({ urgent: true }));
  expect(urgencies).toEqual([false, false, true]);
  expect(sandbox.requests.key).toBe(3);
});

test('with a concurrency that adapts, more requests are under way while answers are quick', async () => {
  const ids = Array.from({ length: 120 }, (_, index) => `key_${index}`);
  const fleet = ids.map((one) => fleetKey({ id: one }));
  const sandbox = await sandboxWith({ fleet, faults: ['latency=250ms'] });
  const config = { concurrency: 14, adaptsConcurrency: true };
  // By this clock every answer is quick, however busy the machine is.
  const source = sourceFor(sandbox.url, { config, ticks: () => 0 });
  const askAll = (some: readonly string[]) =>
    Promise.all(some.map((one) => source.observe(one, context())));
  await askAll(ids.slice(0, 9));
  expect(sandbox.requests.mostAtOnce).toBe(9);
  await askAll(ids);
  // Of 14, one is kept for urgent calls.
  expect(sandbox.requests.mostAtOnce).toBe(13);
});

test('what the pace throws is passed on as it is', async () => {
  const broken = new Error('no store');
  const paceMaker = { take: () => Promise.reject(broken), pause: async () => {} };
  const sandbox = await sandboxWith();
  const source = sourceFor(sandbox.url, { paceMaker });
  await expect(source.observe(id, context())).rejects.toBe(broken);
});

test('has no more requests in flight than its concurrency', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `key_${index}`);
  const fleet = ids.map((one) => fleetKey({ id: one }));
  const sandbox = await sandboxWith({ fleet, faults: ['latency=20ms'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 4 } });
  const urgent = context({ urgent: true });
  await Promise.all(ids.map((one) => source.observe(one, one === 'key_39' ? urgent : context())));
  expect(sandbox.requests.key).toBe(40);
  expect(sandbox.requests.mostAtOnce).toBeLessThanOrEqual(4);
});

test('has as many requests in flight as its concurrency, the last one for urgent keys', async () => {
  const sandbox = await sandboxWith({ faults: ['hang'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 4 } });
  const giving = new AbortController();
  const ask = (urgent: boolean) =>
    source.observe(id, context({ urgent, signal: giving.signal })).catch(() => undefined);
  const asked = [ask(false), ask(false), ask(false), ask(false)];
  await expect.poll(() => sandbox.requests.mostAtOnce).toBe(3);
  asked.push(ask(true));
  await expect.poll(() => sandbox.requests.mostAtOnce).toBe(4);
  giving.abort(new Error('lease lost'));
  await Promise.all(asked);
});

test.each(['a/b?c#d', 'ключ', '%2e%2e', '../../x', 'a b+c', "it's(*)!~", '😀'])(
  'the id %s is opaque: escaped whole',
  async (odd) => {
    const sandbox = await sandboxWith({ fleet: [fleetKey({ id: odd })] });
    const answer = await sourceFor(sandbox.url).observe(odd, context());
    expect(answer).toMatchObject({ observation: { kind: 'present' } });
    expect([...sandbox.requests.keys.keys()]).toEqual([odd]);
  },
);

test.each(['', '.', '..', 'a\ud800'])(
  'the id %j cannot be put in a URL and is not asked for',
  async (odd) => {
    const sandbox = await sandboxWith();
    const answer = await sourceFor(sandbox.url).observe(odd, context());
    expect(answer).toMatchObject({ kind: 'observed', observation: { kind: 'unknown' } });
    expect(sandbox.requests).toMatchObject({ token: 0, key: 0 });
  },
);

describe('a caller who aborts', () => {
  test('gets the signal’s reason, in flight', async () => {
    const sandbox = await sandboxWith({ faults: ['hang'] });
    const giving = new AbortController();
    const reason = new Error('lease lost');
    const asked = sourceFor(sandbox.url).observe(id, context({ signal: giving.signal }));
    await expect.poll(() => sandbox.requests.key).toBe(1);
    giving.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  test('gets the signal’s reason even where it looks like a timeout', async () => {
    const sandbox = await sandboxWith({ faults: ['hang'] });
    const asked = sourceFor(sandbox.url).observe(id, context({ signal: AbortSignal.timeout(100) }));
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError', code: 23 });
  });

  test('gets it before anything is asked where it is too late already', async () => {
    const sandbox = await sandboxWith();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(sourceFor(sandbox.url).observe(id, context({ signal }))).rejects.toThrow(
      'too late',
    );
    expect(sandbox.requests).toMatchObject({ token: 0, key: 0 });
  });

  test('frees the slot', async () => {
    const sandbox = await sandboxWith({ faults: ['hang*1'] });
    const source = sourceFor(sandbox.url, { config: { concurrency: 1 } });
    const giving = new AbortController();
    const asked = source.observe(id, context({ signal: giving.signal }));
    await expect.poll(() => sandbox.requests.key).toBe(1);
    giving.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    expect(await source.observe(id, context())).toMatchObject({ kind: 'observed' });
  });
});

test('closing drops connections, and calls in flight and in line reject', async () => {
  const sandbox = await sandboxWith({ faults: ['hang'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 2 } });
  const calls = [1, 2, 3, 4].map(() => source.observe(id, context()));
  const results = Promise.allSettled(calls);
  await expect.poll(() => sandbox.requests.key).toBe(1);
  await source.close();
  for (const result of await results) {
    expect(result).toMatchObject({ reason: { code: 'KEYSWEEP_SOURCE_CLOSED' } });
  }
  await expect(source.observe(id, context())).rejects.toThrow('was closed');
});

test('listeners on the caller’s signal do not pile up', async () => {
  const sandbox = await sandboxWith();
  const source = sourceFor(sandbox.url);
  const { signal } = new AbortController();
  for (let round = 0; round < 20; round += 1) await source.observe(id, context({ signal }));
  expect(EventEmitter.getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a batch of calls on one signal draws no warning', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const sandbox = await sandboxWith();
  const source = sourceFor(sandbox.url, { config: { concurrency: 20 } });
  const shared = context();
  await Promise.all(Array.from({ length: 60 }, () => source.observe(id, shared)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});
