import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/evaluate/policy/parse-yaml.ts';
import { hashWaiver } from '../../../src/evaluate/waivers/compile-waivers.ts';
import { readWaivedKeys } from '../../../src/evaluate/waivers/read-waived-keys.ts';
import { waiverSchema } from '../../../src/evaluate/waivers/waiver.ts';

const keys = [{ source: 'main', keyId: 'key_1' }];
const said = {
  ...{ id: 'W-1', rule: 'stale', reason: 'any', requestedBy: 'ann', approvedBy: 'bob' },
  expires: '2999-01-31',
};

test('reads the keys that waivers name, by what the log calls these waivers', () => {
  const waivers = [
    { ...said, keys },
    { ...said, id: 'W-2', match: { owner: ['web'] } },
    { ...said, id: 'W-3', keys, unheardOf: true },
  ];
  const { keys: _, ...waiver } = waiverSchema.parse({ ...said, keys });
  expect([...readWaivedKeys({ waivers })]).toEqual([[hashWaiver(waiver), keys]]);
});

test.each(['', 'rules: []', 'waivers: 3', 'waivers: [{ keys: [] }]', 'a: ['])(
  'knows none of %j',
  (policy) => {
    expect([...readWaivedKeys(parseYaml(policy))]).toEqual([]);
  },
);
