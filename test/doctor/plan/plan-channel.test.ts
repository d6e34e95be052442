import { expect, test } from 'vitest';
import { planDelivery, planReach } from '../../../src/doctor/plan/plan-channel.ts';

test('judges a connection, with the mend for its code', () => {
  expect(planReach('sec', undefined, 'http', false)).toMatchObject({ check: 'sec', status: 'ok' });
  expect(planReach('sec', { code: 'ENOTFOUND' }, 'http', false)).toMatchObject({
    ...{ status: 'failure', seen: 'it cannot be reached (ENOTFOUND)' },
    mend: expect.stringContaining('DNS'),
  });
  expect(planReach('sec', { code: 554 }, 'smtp', false).mend).toMatch(/the mail server refuses/);
  expect(planReach('sec', { code: 'X' }, 'http', true).mend).toMatch(/allowPrivateNetworks/);
});

test('judges a test message that arrived, in part, or not', () => {
  expect(planDelivery('m', { kind: 'delivered' }, 'smtp').status).toBe('ok');
  expect(planDelivery('m', { kind: 'delivered', refused: 'one' }, 'smtp').status).toBe('warning');
  const refused = { kind: 'permanent', detail: 'HTTP 404', codes: [404] } as const;
  expect(planDelivery('m', refused, 'http')).toMatchObject({
    ...{ status: 'failure', seen: 'the test message was not delivered: HTTP 404' },
    mend: 'nothing is there: check the URL, or create a new one',
  });
});
