import { expect, test } from 'vitest';
import { tokenEndpoint } from '../../src/sandbox/fault.ts';
import { parseFault, parseFaults } from '../../src/sandbox/parse-fault.ts';

test.each([
  ['latency=200ms', { kind: 'latency', target: null, ms: 200, times: undefined }],
  ['latency:key_x=2s', { kind: 'latency', target: 'key_x', ms: 2_000 }],
  ['500', { kind: 'status', status: 500, target: null, times: undefined }],
  ['500:key_x', { kind: 'status', status: 500, target: 'key_x' }],
  ['500*20', { kind: 'status', status: 500, times: 20 }],
  ['500:key_x*3', { kind: 'status', status: 500, target: 'key_x', times: 3 }],
  ['401', { kind: 'status', status: 401, times: undefined }],
  ['401-once', { kind: 'status', status: 401, times: 1 }],
  ['429=2s', { kind: 'rate-limit', ms: 2_000 }],
  ['429=2s*5', { kind: 'rate-limit', ms: 2_000, times: 5 }],
  ['429-date=1m', { kind: 'rate-limit-date', ms: 60_000 }],
  ['429-bare', { kind: 'rate-limit-bare' }],
  ['html=502', { kind: 'html', status: 502 }],
  ['html', { kind: 'html', status: 200 }],
  ['redirect', { kind: 'redirect', url: '/v1/elsewhere' }],
  ['redirect=http://127.0.0.1:9/a?b=c', { kind: 'redirect', url: 'http://127.0.0.1:9/a?b=c' }],
  ['token-500', { kind: 'status', status: 500, target: tokenEndpoint }],
  ['token-429=2s', { kind: 'rate-limit', ms: 2_000, target: tokenEndpoint }],
  ['slow-body:a:b', { kind: 'slow-body', target: 'a:b', ms: 5_000 }],
  ['null-scopes', { kind: 'null-scopes' }],
])('reads %s', (spec, expected) => {
  expect(parseFault(spec)).toMatchObject(expected);
});

test('reads several, separated by commas', () => {
  const faults = parseFaults('latency=5ms, 500:key_x,401-once');
  expect(faults.map(({ kind, target }) => [kind, target])).toEqual([
    ['latency', null],
    ['status', 'key_x'],
    ['status', null],
  ]);
});

test('a fault of the fleet file strikes its key', () => {
  expect(parseFault('500*2', 'key_y')).toMatchObject({ target: 'key_y', times: 2 });
});

test.each([
  ['', 'unknown kind'],
  ['flood', 'unknown kind'],
  ['200', 'unknown kind'],
  ['status', 'unknown kind'],
  ['600', 'unknown kind'],
  ['latency=fast', '"fast" is not a time'],
  ['latency=1h', '"1h" is not a time'],
  ['429=soon', '"soon" is not a time'],
  ['html=ok', '"ok" is not a status'],
  ['html=99', '"99" is not a status'],
  ['500=3', 'takes no value'],
  ['hang=5s', 'takes no value'],
  ['500*0', 'must be KIND'],
  ['500*x', 'must be KIND'],
])('refuses %j and says why', (spec, reason) => {
  expect(() => parseFault(spec)).toThrow(reason);
});

test('a refusal has a code and names the fault', () => {
  expect(() => parseFaults('500,flood')).toThrow(
    expect.objectContaining({
      code: 'KEYSWEEP_SANDBOX_MISUSE',
      message: expect.stringContaining('"flood"'),
    }),
  );
});
