import { expect, test } from 'vitest';
import { planSecretFile } from '../../../src/doctor/plan/plan-secret-file.ts';

test.each([
  [0o100600, 'ok'],
  [0o100400, 'ok'],
  [0o100640, 'ok'],
  [0o100644, 'warning'],
  [0o100602, 'warning'],
  [0o100660, 'warning'],
])('judges the mode %i as %s', (mode, status) => {
  expect(planSecretFile('/run/secrets/it', mode)).toMatchObject({ status });
});

test('says the mode and the mend', () => {
  expect(planSecretFile('/run/secrets/it', 0o100644)).toMatchObject({
    ...{ check: '/run/secrets/it', seen: 'mode 0644: other users may read or change it' },
    mend: 'chmod 600 /run/secrets/it',
  });
});
